import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskFiles } from '../runners/task-files.ts';

/** A file of Python in a task folder. */
export interface CodeFile {
  /** Relative to the task folder. */
  readonly path: string;
  readonly text: string;
}

const MOST_FILES = 200;

/** The Python that lies in the task folder itself, the training script first; nothing of it is executed. */
export function readTaskCode(folder: string, script: string): CodeFile[] {
  return taskFiles(folder)
    .filter(({ kind, path }) => kind === 'copy' && (path === script || path.endsWith('.py')))
    .sort((a, b) => Number(b.path === script) - Number(a.path === script))
    .slice(0, MOST_FILES)
    .map(({ path }) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}
