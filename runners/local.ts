import { closeSync, constants, openSync, readdirSync, rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { AgentHpoError, messageOf, systemCodeOf } from '../study/errors.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from '../study/process-identity.ts';
import {
  type AttemptStart,
  forbidStart,
  publishResult,
  readIfThere,
  readResult,
  readStart,
  readWaiter,
  writeWaiter,
} from './attempt-files.ts';
import { ATTEMPT_VARIABLE, endAttempt, listProcesses, sendSignal } from './attempt-processes.ts';
import { ATTEMPTS_FOLDER, type RunPaths, runPaths } from './run-paths.ts';
import type { Runner, RunOutcome, RunRequest, Survivor } from './runner.ts';
import { type Sandbox, sandboxTraining } from './sandbox.ts';

export interface LocalRunnerDeps {
  /** Between SIGTERM and SIGKILL, whenever a training is ended. Default 3 s. */
  readonly graceSeconds?: number;
  /** Trainings run inside; the wrapper that watches them stays outside. */
  readonly sandbox?: Sandbox;
}

const WRAPPER = fileURLToPath(new URL('./wrapper.sh', import.meta.url));

/** The wrapper’s exit code when somebody else had claimed the attempt. */
const CLAIMED_BEFORE = 75;

/** How much longer than the grace a wrapper may take to end its training before it is ended itself. */
const WRAPPER_SECONDS = 5;

const UNSEEN = { exitCode: null, signal: null, wallSeconds: null, peakMemoryBytes: null } as const;
const LOST: RunOutcome = { outcome: 'lost', ...UNSEEN };
const INTERRUPTED: RunOutcome = { outcome: 'interrupted', ...UNSEEN };

/** Trainings as processes of this machine, each beside a small shell that outlives the tuner (wrapper.sh). */
export function createLocalRunner(deps: LocalRunnerDeps = {}): Runner {
  const { graceSeconds = 3, sandbox } = deps;

  return {
    async run(request, signal) {
      await assertRunnable(request);
      if (signal.aborted) return INTERRUPTED;
      const paths = runPaths(request.folder, request.attemptId);
      prepareFolder(paths);
      const command = sandbox === undefined ? request.command : enclose(sandbox, request, paths);
      const wrapper = startWrapper({ ...request, command }, paths, graceSeconds);
      await untilEnded(wrapper.pid, wrapper.ended, signal, graceSeconds);
      const { exitCode, problem } = await wrapper.ended;
      if (exitCode === CLAIMED_BEFORE) throw brokenWrapper(paths, whyUnclaimed(paths));
      const outcome = await settle(request.attemptId, paths, signal, graceSeconds);
      if (outcome === undefined) throw brokenWrapper(paths, problem ?? `it ended with exit code ${exitCode}`);
      return outcome;
    },

    async recover(folder, attemptId, signal, onWaiting) {
      assertName(attemptId);
      const paths = runPaths(folder, attemptId);
      prepareFolder(paths);
      forbidStart(paths);
      const start = readStart(paths);
      if (start === undefined) return LOST;
      if (isAlive(start) === 'unknown-host') return readResult(paths, attemptId) ?? refuse(start, folder);
      if (readResult(paths, attemptId) === undefined && isAlive(start) === 'alive') onWaiting?.();
      await untilEnded(start.pid, untilDead(start), signal, graceSeconds);
      return (await settle(attemptId, paths, signal, graceSeconds)) ?? LOST;
    },

    async survivors(studyFolder) {
      const marks = new Map(listProcesses().map(({ attemptId, pid }) => [attemptId, pid]));
      return attemptFolders(studyFolder).flatMap(({ folder, attemptId }) => {
        const paths = runPaths(folder, attemptId);
        const start = readStart(paths);
        const waiter = readWaiter(paths);
        if (start === undefined) return [];
        if (waiter !== undefined && isAlive(waiter) !== 'dead') return [];
        const pid = isAlive(start) === 'alive' ? start.pid : marks.get(attemptId);
        return pid === undefined ? [] : [{ attemptId, folder, pid, startedAt: start.startedAt }];
      });
    },

    async end({ attemptId, folder }: Survivor) {
      const start = readStart(runPaths(folder, attemptId));
      if (start === undefined) return;
      if (isAlive(start) === 'unknown-host') refuse(start, folder);
      await untilEnded(start.pid, untilDead(start), AbortSignal.abort(), graceSeconds);
      await endAttempt(attemptId, start, graceSeconds);
    },
  };
}

/** What the sandbox makes unwritable must be there before it. */
function enclose(sandbox: Sandbox, request: RunRequest, paths: RunPaths): string[] {
  closeSync(openSync(paths.output, 'a', 0o600));
  return sandboxTraining(sandbox, request);
}

/** Starts the wrapper in a session of its own, so that neither the terminal’s Ctrl-C nor the tuner’s end reaches it. */
function startWrapper(request: RunRequest, paths: RunPaths, graceSeconds: number) {
  const { host, bootId } = ownIdentity();
  const { [ATTEMPT_VARIABLE]: _outer, ...environment } = request.environment;
  const settings = [
    paths.control,
    request.folder,
    request.attemptId,
    JSON.stringify({ attemptId: request.attemptId, host, bootId, startedAt: new Date().toISOString() }).slice(1, -1),
    Math.ceil(Math.min(request.timeLimitSeconds, 1e9) * 1000),
    Math.ceil((request.memoryLimitBytes ?? 0) / 1024),
    Math.floor(request.outputLimitBytes),
    Math.ceil(graceSeconds * 1000),
  ].map(String);
  const child = execa('/bin/sh', [WRAPPER, ...settings, ...request.command], {
    cwd: request.folder,
    env: environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    stdio: 'ignore',
    reject: false,
  });
  // The child is there, or has failed to start, once execa returns; its end carries either.
  const ended = child.then(({ exitCode, cause }) => ({
    exitCode,
    problem: cause === undefined ? undefined : messageOf(cause),
  }));
  return { pid: child.pid, ended };
}

/** Waits for the wrapper’s end; once `signal` aborts it is asked to end, and after a bounded time made to. */
async function untilEnded(
  wrapperPid: number | undefined,
  ended: Promise<unknown>,
  signal: AbortSignal,
  graceSeconds: number,
): Promise<void> {
  if (wrapperPid === undefined) return;
  const pids = [wrapperPid];
  const deadline = new AbortController();
  const onAbort = () => {
    sendSignal(pids, 'SIGTERM');
    sleep((graceSeconds + WRAPPER_SECONDS) * 1000, undefined, { signal: deadline.signal }).then(
      () => sendSignal(pids, 'SIGKILL'),
      () => undefined, // It ended in time.
    );
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await ended;
  } finally {
    signal.removeEventListener('abort', onAbort);
    deadline.abort();
  }
}

async function untilDead(identity: ProcessIdentity): Promise<void> {
  for (let pauseMs = 10; isAlive(identity) === 'alive'; pauseMs = Math.min(2 * pauseMs, 200)) await sleep(pauseMs);
}

/** After the wrapper’s end: what it left written, or else the end of everything that it left alive. */
async function settle(
  attemptId: string,
  paths: RunPaths,
  signal: AbortSignal,
  graceSeconds: number,
): Promise<RunOutcome | undefined> {
  rmSync(paths.pipe, { force: true });
  const result = readResult(paths, attemptId);
  if (result !== undefined) {
    publishResult(paths);
    return result;
  }
  const start = readStart(paths);
  await endAttempt(attemptId, start, graceSeconds);
  if (signal.aborted) return INTERRUPTED;
  return start === undefined ? undefined : LOST;
}

function attemptFolders(studyFolder: string): { folder: string; attemptId: string }[] {
  const trials = join(studyFolder, 'trials');
  return namesIn(trials).flatMap((trial) => {
    const folder = join(trials, trial);
    return namesIn(join(folder, ATTEMPTS_FOLDER)).map((attemptId) => ({ folder, attemptId }));
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return [];
    throw error;
  }
}

async function assertRunnable({ attemptId, command }: RunRequest): Promise<void> {
  assertName(attemptId);
  const program = command[0] ?? '';
  try {
    if (!isAbsolute(program)) throw new Error('it is not an absolute path');
    await access(program, constants.X_OK);
  } catch (cause) {
    throw new AgentHpoError({
      code: 'runner-failed',
      message: `The program "${program}" cannot be started: ${systemCodeOf(cause) ?? String(cause)}.`,
      hint: 'Name an existing interpreter with --python, or repair the environment it belongs to.',
      cause,
    });
  }
}

function prepareFolder(paths: RunPaths): void {
  try {
    writeWaiter(paths);
  } catch (cause) {
    throw new AgentHpoError({
      code: 'runner-failed',
      message: `The training’s own files could not be written in ${paths.control}: ${messageOf(cause)}`,
      hint: 'Check free disk space and permissions of the study’s folder, then resume the study.',
      cause,
    });
  }
}

/** The id becomes a file name, and a word in the patterns that find its processes. */
function assertName(attemptId: string): void {
  if (!/^[\w-]+$/.test(attemptId))
    throw new TypeError(`attempt id "${attemptId}" has more than letters, digits, _ and -`);
}

function refuse(start: AttemptStart, folder: string): never {
  throw new AgentHpoError({
    code: 'runner-failed',
    message: `The training in ${folder} was started on the machine "${start.host}"; from here nobody can tell whether it still runs.`,
    hint: `Resume or stop the study on "${start.host}".`,
  });
}

/** A claim that nobody can read is our own, torn by a full disk. */
function whyUnclaimed(paths: RunPaths): string {
  return readStart(paths) === undefined ? 'its start could not be written down' : 'the attempt had been started before';
}

function brokenWrapper(paths: RunPaths, reason: string): AgentHpoError {
  const said = readIfThere(paths.log)?.trim().slice(-500);
  return new AgentHpoError({
    code: 'runner-failed',
    message: `The training in ${paths.control} could not be started: ${reason}${said ? ` (${said})` : ''}.`,
    hint: 'Check free disk space and permissions of the study’s folder, then resume the study.',
  });
}
