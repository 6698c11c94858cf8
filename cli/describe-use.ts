import { join, resolve } from 'node:path';
import type { Settings } from '../configs/schema.ts';
import { childEnvironment } from '../runners/child-environment.ts';
import { linksOutside, shownLinks } from '../runners/links-outside.ts';
import type { PythonPlan } from '../runners/python-environment.ts';
import { shellWords } from '../study/shell-words.ts';
import { isOptunaStrategy } from '../study/strategy.ts';
import type { Task } from '../study/task.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';
import type { StudyRecord } from './study-record.ts';
import { cleanText, pad } from './terminal-text.ts';

export interface Use {
  readonly task: Task;
  readonly context: Context;
  readonly settings: Settings;
  readonly plan: PythonPlan;
  /** The study that is gone on with. */
  readonly study?: StudyRecord | undefined;
  /** What holds the copies of the folder; left out: where the task’s studies are kept. */
  readonly keptIn?: string | undefined;
}

/** What a use of the folder will install and run, where and as whom: one line a fact, in the order in which it happens. */
export function describeUse({ task, context, settings, plan, study, keptIn }: Use): string[] {
  const { environment, data, train, name } = task;
  const withPython = (words: readonly string[]) => shellWords([plan.interpreter, ...words]);
  const facts: [string, string | undefined][] = [
    ['installs', installLine(plan, settings.sandbox)],
    ['proposes', optunaLine(study?.strategy ?? settings.strategy)],
    ['prepares', task.dataIsStandIn ? undefined : prepareLine(data, withPython)],
    ['runs', `${withPython([train.script])}${train.args.length === 0 ? '' : ` ${train.args.join(' ')}`}`],
    [
      'in',
      `a copy of the folder for each trial, under ${keptIn ?? join(resolve(context.workingFolder, settings.out), name)}`,
    ],
    ['passes', passedNames(context, environment.pass).join(' ')],
    ['sets', settingsLine(train.env)],
    ['with', study === undefined ? undefined : settingsLine(study.python.variables)],
    ['asks', study?.base_url ? `a model at ${study.base_url}` : undefined],
    ['follows', linksLine({ task, context, settings })],
    [
      'as',
      settings.sandbox ? sandboxLine(task) : 'you: it can read and write whatever you can (--sandbox shuts it in)',
    ],
  ];
  return facts.flatMap(([what, line]) => (line === undefined ? [] : [`  ${pad(what, 9)} ${cleanText(line)}`]));
}

/** Whether Optuna is there is found out once the folder is trusted: it may lie in the task’s own Python. */
function optunaLine(strategy: string): string | undefined {
  if (!isOptunaStrategy(strategy)) return undefined;
  return 'Optuna, in the Python that trains; where that has none, in a virtual environment that is made for it';
}

function prepareLine(data: Task['data'], withPython: (words: readonly string[]) => string): string | undefined {
  if (data?.prepare === undefined) return undefined;
  return `${withPython([data.prepare])}${data.network ? ' (may download)' : ''}`;
}

function installLine({ install }: PythonPlan, isSandboxed: boolean): string | undefined {
  if (install === undefined) return undefined;
  const size = install.downloadLine === undefined ? '' : `. ${install.downloadLine}`;
  return `${install.missing}, as ${install.requirements} asks${size}${isSandboxed ? ' (outside of the sandbox)' : ''}`;
}

/** The variables that the task itself sets, some of which lead programs elsewhere (a proxy, a list of certificates). */
function settingsLine(env: Task['train']['env']): string | undefined {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return variables.length === 0 ? undefined : shellWords(variables);
}

/** Every link out of the folder; a script follows them all, in a sandbox those that it shows. */
function linksLine({ task, context, settings }: Pick<Use, 'task' | 'context' | 'settings'>): string | undefined {
  const shown = settings.sandbox ? shownLinks(task.folder, homeOf(context.environment)) : undefined;
  const links = linksOutside(task.folder).map((path) =>
    shown === undefined || shown.includes(path) ? path : `${path} (hidden by the sandbox)`,
  );
  return links.length === 0 ? undefined : links.join(', ');
}

/** Names of the environment variables that a training sees, in alphabetical order. */
function passedNames({ environment }: Context, pass: readonly string[]): string[] {
  const { environment: passed } = childEnvironment(environment, pass, {});
  return Object.keys(passed)
    .filter((name) => environment[name] !== undefined)
    .sort();
}

function sandboxLine({ environment, data }: Task): string {
  const network = environment.network ? 'has network' : 'has no network';
  const download = data?.prepare !== undefined && data.network ? ' (but to prepare)' : '';
  return `you, in a sandbox: sees its folder, writes its copy, ${network}${download}`;
}
