import { lstatSync, mkdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { childEnvironment } from '../runners/child-environment.ts';
import { realPath } from '../runners/links-outside.ts';
import { createLocalRunner } from '../runners/local.ts';
import type { Runner } from '../runners/runner.ts';
import { isWithin, type Sandbox } from '../runners/sandbox.ts';
import { assertPythonStarts, probeBubblewrap } from '../runners/sandbox-probe.ts';
import { sandboxView } from '../runners/sandbox-view.ts';
import { AgentHpoError, systemCodeOf } from '../study/errors.ts';
import { shellWords } from '../study/shell-words.ts';
import type { Task } from '../study/task.ts';
import type { Interpreter } from '../tools/prepare-training.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';

interface SandboxRequest {
  readonly task: Task;
  readonly python: Interpreter;
  readonly context: Context;
}

/** Throws `sandbox-unavailable` before anything is installed or run. */
export async function assertSandboxWorks({ environment, signal }: Context): Promise<void> {
  await probeBubblewrap({ PATH: environment['PATH'] ?? '' }, signal);
}

/** Where trainings of this task run: on this machine, in a sandbox if that was asked for. Throws `sandbox-unavailable`. */
export async function trainingRunner(request: SandboxRequest & { readonly isSandboxed: boolean }): Promise<Runner> {
  if (!request.isSandboxed) return createLocalRunner();
  return createLocalRunner({ sandbox: await openSandbox(request, request.task.environment.network) });
}

/** The sandbox of the task’s own preparation of its data, which may write where the data belongs and nowhere else. */
export async function dataSandbox(
  request: SandboxRequest,
): Promise<{ readonly sandbox: Sandbox; readonly writable: readonly string[] }> {
  const { task, context } = request;
  const shared = context.environment['AGENTHPO_DATA'];
  const data = join(task.folder, 'data');
  const places = [task.folder, ...(shared ? [resolve(shared)] : [])];
  assertLeadsTo(data, places);
  const folders = [data, ...places.slice(1)];
  const sandbox = await openSandbox(request, task.data?.network === true);
  return { sandbox, writable: folders.flatMap(madeFolder) };
}

async function openSandbox({ task, python, context }: SandboxRequest, hasNetwork: boolean): Promise<Sandbox> {
  const { interpreter } = python;
  const { environment } = childEnvironment(context.environment, task.environment.pass, python.variables);
  // The user’s own PATH: a virtual environment of the task’s comes first in the training’s.
  const bubblewrap = await probeBubblewrap({ PATH: context.environment['PATH'] ?? '' }, context.signal);
  const home = homeOf(context.environment);
  const view = await sandboxView({ taskFolder: task.folder, interpreter, environment, home }, context.signal);
  const sandbox = { bubblewrap, ...view, hasNetwork };
  await assertPythonStarts(sandbox, interpreter, environment, context.signal);
  return sandbox;
}

/** What the preparation may write must be where the user thinks it is, and no link may make it any other place of theirs. */
function assertLeadsTo(data: string, places: readonly string[]): void {
  const target = lstatSync(data, { throwIfNoEntry: false })?.isSymbolicLink()
    ? realPath(resolve(dirname(data), readlinkSync(data)))
    : realPath(data);
  if (places.some((place) => isWithin(target, realPath(place)))) return;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${data} leads to ${target}, outside of the task folder, and the preparation of the data would write there.`,
    hint: `Make data/ a folder of its own; or, if the data belongs there, say so: export AGENTHPO_DATA=${shellWords([target])}`,
  });
}

/** The folder under its real name, since nothing is mounted over links; nothing when it cannot be made (a bundled task’s, installed by root). */
function madeFolder(folder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return [realpathSync(folder)];
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(systemCodeOf(error) ?? '')) return [];
    throw error;
  }
}
