import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import type { Settings } from '../configs/schema.ts';
import { planPython } from '../runners/python-environment.ts';
import { writeWhole } from '../study/durable-files.ts';
import { AgentHpoError, messageOf, systemCodeOf } from '../study/errors.ts';
import type { Task } from '../study/task.ts';
import type { Context } from './context.ts';
import { isBundled } from './find-task.ts';
import { pythonRequest } from './python-request.ts';
import { hashTask } from './work-on-study.ts';

export interface FirstUse {
  readonly task: Task;
  readonly context: Context;
  readonly settings: Settings;
  /** `--yes` */
  readonly isConfirmed: boolean;
  readonly say: (line: string) => void;
}

/**
 * A task folder is code that runs as the user: before its first use (and when its code changed) this says what will be
 * installed and run, and asks. Bundled tasks need no question. Throws `not-confirmed`.
 */
export async function confirmFirstUse({ task, context, settings, isConfirmed, say }: FirstUse): Promise<void> {
  const file = trustFile(context);
  const codeHash = hashTask(task);
  if (isBundled(task.folder) || readTrusted(file)[task.folder] === codeHash) return;
  for (const line of await describeUse(task, context, settings)) say(line);
  if (!isConfirmed && !(await ask(context))) throw notConfirmed(task, context);
  remember(file, { ...readTrusted(file), [task.folder]: codeHash }, say);
}

/** A home that cannot be written costs the same question next time, and nothing else. */
function remember(file: string, trusted: Readonly<Record<string, string>>, say: (line: string) => void): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeWhole(file, JSON.stringify(trusted));
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    say(`This confirmation could not be kept (${messageOf(error)}); it will be asked for again.`);
  }
}

async function describeUse(task: Task, context: Context, settings: Settings): Promise<string[]> {
  const plan = await planPython(pythonRequest(task, settings, context), {
    onProgress: () => undefined,
    signal: context.signal,
  });
  const { missing, requirements, downloadLine } = plan.install ?? {};
  const install =
    plan.install === undefined
      ? []
      : [`  install: ${missing} (${requirements})`, ...(downloadLine === undefined ? [] : [`    ${downloadLine}`])];
  const { data, dataIsStandIn } = task;
  const prepare =
    data?.prepare === undefined || dataIsStandIn
      ? []
      : [`  get the data ready: ${plan.interpreter} ${data.prepare}${data.network ? ' (may download)' : ''}`];
  return [
    `First use of ${task.folder}. agenthpo will, as you:`,
    ...install,
    ...prepare,
    `  run: ${plan.interpreter} ${task.train.script}`,
  ];
}

async function ask({ stdin, stderr, signal }: Context): Promise<boolean> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return false;
  const dialogue = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await dialogue.question('Go on? [y/N] ', { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    dialogue.close();
  }
}

function notConfirmed(task: Task, { stdin }: Context): AgentHpoError {
  return new AgentHpoError({
    code: 'not-confirmed',
    message: `The first use of ${task.folder} was not confirmed${stdin.isTTY === true ? '' : ' (there is no terminal to ask on)'}.`,
    hint: 'Read its script, then add --yes.',
  });
}

const trusted = z.record(z.string(), z.string());

function readTrusted(file: string): Record<string, string> {
  return existsSync(file) ? trusted.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

function trustFile({ environment }: Context): string {
  const base = environment['XDG_STATE_HOME'] || join(environment['HOME'] ?? homedir(), '.local', 'state');
  return join(base, 'agenthpo', 'trusted.json');
}
