import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentHpoError } from '../study/errors.ts';
import { didYouMean } from '../study/nearest.ts';
import { PACKAGE_ROOT } from './version.ts';

const BUNDLED = fileURLToPath(new URL('tasks/', PACKAGE_ROOT));

/** The folder meant by a path, else by the name of a bundled task (`digits`, `tasks/digits`). Throws `task-not-found`. */
export function findTask(reference: string, workingFolder: string): string {
  const asPath = resolve(workingFolder, reference);
  if (existsSync(asPath)) return asPath;
  const name = reference.replace(/^tasks\//, '').replace(/\/$/, '');
  if (bundledTasks().includes(name)) return join(BUNDLED, name);
  throw new AgentHpoError({
    code: 'task-not-found',
    message: `"${reference}" is neither a folder nor a bundled task (${didYouMean(name, bundledTasks())}).`,
    hint: 'Give the path of a folder with a task.yaml, or one of the bundled tasks (agenthpo list --tasks).',
  });
}

/** The names of the tasks that come with agenthpo. */
export function bundledTasks(): string[] {
  if (!existsSync(BUNDLED)) return [];
  return readdirSync(BUNDLED).filter((name) => existsSync(join(BUNDLED, name, 'task.yaml')));
}

export function isBundled(folder: string): boolean {
  return folder.startsWith(BUNDLED);
}

export function bundledTaskFolder(name: string): string {
  return join(BUNDLED, name);
}
