import { join, resolve } from 'node:path';
import type { Settings } from '../configs/schema.ts';
import { childEnvironment } from '../runners/child-environment.ts';
import type { PythonPlan } from '../runners/python-environment.ts';
import { linkedOutside } from '../runners/sandbox-view.ts';
import type { Task } from '../study/task.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';
import { shellWords } from './shell-words.ts';
import { cleanText, pad } from './terminal-text.ts';

export interface Use {
  readonly task: Task;
  readonly context: Context;
  readonly settings: Settings;
  readonly plan: PythonPlan;
}

/** What a use of the folder will install and run, where and as whom: one line a fact, in the order in which it happens. */
export function describeUse({ task, context, settings, plan }: Use): string[] {
  const { environment, data, train, name } = task;
  const home = homeOf(context.environment);
  const withPython = (words: readonly string[]) => shellWords([plan.interpreter, ...words]);
  const facts: [string, string | undefined][] = [
    ['installs', installLine(plan)],
    ['prepares', task.dataIsStandIn ? undefined : prepareLine(data, withPython)],
    ['runs', `${withPython([train.script])}${train.args.length === 0 ? '' : ` ${train.args.join(' ')}`}`],
    ['in', `a copy of the folder for each trial, under ${join(resolve(context.workingFolder, settings.out), name)}`],
    ['passes', passedNames(context, environment.pass).join(' ')],
    ['follows', linkedOutside(task.folder, home).join(', ') || undefined],
    [
      'as',
      settings.sandbox ? sandboxLine(task) : 'you: it can read and write whatever you can (--sandbox shuts it in)',
    ],
  ];
  return facts.flatMap(([what, line]) => (line === undefined ? [] : [`  ${pad(what, 9)} ${cleanText(line)}`]));
}

function prepareLine(data: Task['data'], withPython: (words: readonly string[]) => string): string | undefined {
  if (data?.prepare === undefined) return undefined;
  return `${withPython([data.prepare])}${data.network ? ' (may download)' : ''}`;
}

function installLine({ install }: PythonPlan): string | undefined {
  if (install === undefined) return undefined;
  const size = install.downloadLine === undefined ? '' : `. ${install.downloadLine}`;
  return `${install.missing}, as ${install.requirements} asks${size}`;
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
