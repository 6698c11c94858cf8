import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codePaths } from '../runners/working-copy.ts';
import type { Task } from '../study/task.ts';

/** What a study knows of the files in its task’s folder: enough to tell code from what the script wrote there. */
export interface StudyFiles {
  /** The paths that were there when the study began, or when it last went on with new code. */
  readonly known: ReadonlySet<string>;
  /** The folder of the trials’ working copies. */
  readonly trials: string;
}

/**
 * What the script itself writes into the task folder when it is run by hand, relative to it: the training log, which
 * could pass for a trial’s own, and what is new there since the study began and lies in a trial’s working copy as well,
 * where only the training can have made it. None of it is code, and no later trial may start from it.
 */
export function ownOutputs({ train, folder }: Task, study?: StudyFiles): string[] {
  const log = train.log === undefined ? [] : [train.log.path];
  if (study === undefined) return log;
  const added = codePaths(folder, { leaveOut: log }).filter((path) => !study.known.has(path));
  if (added.length === 0 || !existsSync(study.trials)) return log;
  const copies = readdirSync(study.trials).map((trial) => join(study.trials, trial));
  return [...log, ...added.filter((path) => copies.some((copy) => existsSync(join(copy, path))))];
}
