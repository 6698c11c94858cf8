import { createHash } from 'node:crypto';
import { constants, copyFileSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AgentHpoError, messageOf, systemCodeOf } from '../study/errors.ts';
import { ATTEMPTS_FOLDER } from './run-paths.ts';
import { taskFiles } from './task-files.ts';

export interface WorkingCopyOptions {
  /** Files of the task folder that are not code: a training log left by a run by hand. Relative to it. */
  readonly leaveOut?: readonly string[];
  /** Files of the trial folder that are neither code nor output, and stay. Relative to it. */
  readonly keep?: readonly string[];
}

/**
 * Makes `trialFolder` a fresh working copy of the task: afterwards it holds the task’s files as they are now and
 * nothing of an earlier attempt’s output (its log and result can never be read for the new one’s), except the runner’s
 * own records and what `keep` names. Throws `file-failed`.
 */
export function makeWorkingCopy(taskFolder: string, trialFolder: string, options: WorkingCopyOptions = {}): void {
  const source = resolve(taskFolder);
  explainFailure(trialFolder, () => {
    mkdirSync(trialFolder, { recursive: true, mode: 0o700 });
    removeExcept(trialFolder, new Set([ATTEMPTS_FOLDER, ...(options.keep ?? [])]));
    const made = new Set<string>(['.']);
    for (const file of taskFiles(source, options.leaveOut)) {
      const folder = dirname(file.path);
      if (!made.has(folder)) mkdirSync(join(trialFolder, folder), { recursive: true });
      made.add(folder);
      const target = join(trialFolder, file.path);
      if (file.kind === 'link') symlinkSync(file.target, target);
      else copyFileSync(join(source, file.path), target, constants.COPYFILE_FICLONE);
    }
  });
}

/**
 * Removes what a training wrote, checkpoints above all, from a finished trial’s folder. The task’s files, the output,
 * the result and what `keep` names (the training log, the config) stay. Throws `file-failed`.
 */
export function cleanOutputs(taskFolder: string, trialFolder: string, keep: readonly string[]): void {
  const files = taskFiles(resolve(taskFolder)).map(({ path }) => path);
  const staying = new Set([ATTEMPTS_FOLDER, 'stdout.log', 'result.json', ...keep, ...files]);
  explainFailure(trialFolder, () => removeExcept(trialFolder, staying));
}

/** Task files that say what to tune and why, not how to train. */
const NOT_CODE = new Set(['task.yaml', 'README.md', 'data']);

/**
 * SHA-256 (hex) of everything a training of this task executes or reads from its folder, `data/` excepted: paths and
 * contents of small files; of larger ones size and date. Throws `file-failed`.
 */
export function hashCode(taskFolder: string, options: Pick<WorkingCopyOptions, 'leaveOut'> = {}): string {
  const source = resolve(taskFolder);
  const hash = createHash('sha256');
  explainFailure(source, () => {
    for (const file of taskFiles(source, options.leaveOut)) {
      if (NOT_CODE.has(file.path)) continue;
      if (file.kind === 'link' || file.version !== undefined)
        hash.update(JSON.stringify([file.path, file.kind, file.version]));
      else hash.update(JSON.stringify([file.path, file.sizeBytes])).update(readFileSync(join(source, file.path)));
    }
  });
  return hash.digest('hex');
}

/** The paths of the files that count for `hashCode`. Throws `file-failed`. */
export function codePaths(taskFolder: string, options: Pick<WorkingCopyOptions, 'leaveOut'> = {}): string[] {
  const source = resolve(taskFolder);
  let paths: string[] = [];
  explainFailure(source, () => {
    paths = taskFiles(source, options.leaveOut).map(({ path }) => path);
  });
  return paths.filter((path) => !NOT_CODE.has(path));
}

/**
 * A hash (hex) for each file that counts for `hashCode`, by its path, and for links where they lead: tells which of them
 * changed. Throws `file-failed`.
 */
export function fileHashes(
  taskFolder: string,
  options: Pick<WorkingCopyOptions, 'leaveOut'> = {},
): Record<string, string> {
  const source = resolve(taskFolder);
  const hashes: Record<string, string> = {};
  explainFailure(source, () => {
    for (const file of taskFiles(source, options.leaveOut).filter(({ path }) => !NOT_CODE.has(path))) {
      const content = file.kind === 'link' ? file.target : (file.version ?? readFileSync(join(source, file.path)));
      hashes[file.path] = createHash('sha256').update(content).digest('hex');
    }
  });
  return hashes;
}

/** Empties a folder of everything but `staying` (relative paths, a folder’s name for all of it) and what holds that. */
function removeExcept(root: string, staying: ReadonlySet<string>): void {
  const holders = new Set([...staying].flatMap(parents));
  const empty = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (staying.has(path)) continue;
      if (entry.isDirectory() && holders.has(path)) {
        empty(path);
        if (readdirSync(join(root, path)).length === 0) rmdirSync(join(root, path));
      } else rmSync(join(root, path), { recursive: true, force: true });
    }
  };
  empty('');
}

/** `a/b/c` → `a`, `a/b`. */
function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function explainFailure(folder: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (systemCodeOf(cause) === undefined) throw cause;
    throw new AgentHpoError({
      code: 'file-failed',
      message: `The files of ${folder} could not be prepared: ${messageOf(cause)}`,
      hint: 'Check free disk space and permissions of the path named above, then run the same command again.',
      cause,
    });
  }
}
