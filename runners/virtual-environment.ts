import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../study/durable-files.ts';
import { AgentHpoError, messageOf, systemCodeOf } from '../study/errors.ts';
import { lockOwner, lockStudy, type StudyLock } from '../study/lock.ts';
import { installerEnvironment } from './python-installer-environment.ts';
import { type ProbedPython, probePython } from './python-probe.ts';
import {
  buildVirtualEnvironment,
  type EnvironmentOrder,
  type WantedEnvironment,
  type Watch,
} from './virtual-environment-build.ts';

/** Written last into an environment: without it nobody may use the folder. */
const COMPLETION_MARK = 'agenthpo-complete.json';
/** Longer than any build may take (its own limits end it before). */
const LONGEST_WAIT_SECONDS = 75 * 60;
const REMINDER_SECONDS = 30;

/**
 * The cached virtual environment for these requirements, this Python and this platform; built when there is none.
 *
 * A virtual environment cannot be moved, so each build has a folder of its own from the start and counts once its
 * completion mark is there. A builder that was killed, even one whose pip lives on for a moment, therefore never
 * spoils what the next one does; the lock only spares the work of building twice.
 */
export async function cachedEnvironment(wanted: EnvironmentOrder, watch: Watch): Promise<ProbedPython> {
  const ready = await completeEnvironment(wanted, watch.signal);
  if (ready !== undefined) return ready;
  const folder = makeFolder(folderOf(wanted));
  const lock = await becomeBuilder(folder, watch);
  try {
    return (await completeEnvironment(wanted, watch.signal)) ?? (await build(folder, wanted, watch));
  } finally {
    lock.release();
  }
}

/** The environment if it is there, complete and still able to start (its base may have been uninstalled). */
export async function completeEnvironment(
  wanted: WantedEnvironment,
  signal: AbortSignal,
): Promise<ProbedPython | undefined> {
  const context = { folder: wanted.taskFolder, environment: installerEnvironment(wanted.environment) };
  for (const build of buildsIn(folderOf(wanted)).filter((build) => existsSync(join(build, COMPLETION_MARK)))) {
    const python = await probePython(join(build, 'bin', 'python'), context, signal);
    if (typeof python !== 'string') return python;
  }
  return undefined;
}

function folderOf({ base, requirementsHash, cacheFolder, cpuTorch }: WantedEnvironment): string {
  // A home may be shared by machines with and without a GPU.
  const parts = [requirementsHash, base.version, base.platform, base.basePrefix, ...(cpuTorch ? ['cpu'] : [])];
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return join(cacheFolder, 'environments', `python${base.version}-${key}`);
}

function buildsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => name.startsWith('build-')).map((name) => join(folder, name));
}

function makeFolder(folder: string): string {
  return orCacheError(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  });
}

/** Waits until nobody else builds this environment. */
async function becomeBuilder(folder: string, { onProgress, signal }: Watch): Promise<StudyLock> {
  const startedAt = performance.now();
  for (let nextReminder = 0; ; ) {
    const lock = tryLock(folder);
    if (lock !== undefined) return lock;
    const waited = (performance.now() - startedAt) / 1000;
    const owner = lockOwner(folder);
    if (waited > LONGEST_WAIT_SECONDS) throw neverFinished(folder, owner?.pid, waited);
    if (owner !== undefined && waited >= nextReminder) {
      onProgress(
        `Process ${owner.pid} is building this Python environment; waiting for it (${Math.round(waited)} s) …`,
      );
      nextReminder = waited + REMINDER_SECONDS;
    }
    // Of several that back off together one comes back first.
    await sleep(100 + Math.random() * 300, undefined, { signal });
  }
}

function tryLock(folder: string): StudyLock | undefined {
  try {
    return orCacheError(() => lockStudy(folder));
  } catch (error) {
    if (error instanceof AgentHpoError && error.code === 'study-locked') return undefined;
    throw error;
  }
}

function orCacheError<Result>(write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (error instanceof AgentHpoError || systemCodeOf(error) === undefined) throw error;
    throw new AgentHpoError({
      code: 'environment-failed',
      message: `The folder for Python environments cannot be written: ${messageOf(error)}`,
      hint: 'Set AGENTHPO_CACHE to a folder that can be written and has room.',
      cause: error,
    });
  }
}

async function build(folder: string, wanted: EnvironmentOrder, watch: Watch): Promise<ProbedPython> {
  // Left behind by killed builders, or by a Python that is gone.
  for (const abandoned of buildsIn(folder)) rmSync(abandoned, { recursive: true, force: true });
  const target = () => join(folder, `build-${randomUUID().slice(0, 8)}`);
  const built = await buildVirtualEnvironment(target, wanted, watch);
  const mark = { requirements: wanted.requirements, requirementsHash: wanted.requirementsHash, python: built.version };
  writeWhole(join(built.prefix, COMPLETION_MARK), `${JSON.stringify(mark, null, 2)}\n`);
  return built;
}

function neverFinished(folder: string, pid: number | undefined, waitedSeconds: number): AgentHpoError {
  return new AgentHpoError({
    code: 'environment-failed',
    message: `Process ${pid ?? 'unknown'} has been building ${folder} for more than ${Math.round(waitedSeconds / 60)} minutes.`,
    hint: `If that process is gone for sure, delete ${folder}/lock-*.json and run again.`,
  });
}
