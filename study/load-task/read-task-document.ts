import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AgentHpoError, systemCodeOf } from '../errors.ts';
import { readText } from '../read-text.ts';
import { describeIssues } from '../schema-errors.ts';
import { type TaskDocument, taskSchema } from '../task-schema.ts';
import { invalidTask } from './invalid-task.ts';
import { parseTaskFile, type TaskFile } from './task-file.ts';

/** task.yaml as its schema reads it, and as it is written. Throws `task-not-found` and `task-invalid`. */
export function readTaskDocument(folder: string, reference: string): { document: TaskDocument; file: TaskFile } {
  const path = join(folder, 'task.yaml');
  const file = parseTaskFile(path, reference, readTaskFile(folder, path));
  const checked = taskSchema.safeParse(file.values);
  if (!checked.success) throw invalidTask(file, describeIssues(checked.error, taskSchema, file.values));
  return { document: checked.data, file };
}

function readTaskFile(folder: string, path: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new AgentHpoError({
      code: 'task-not-found',
      message: `There is no task folder at ${folder}.`,
      hint: 'Give the path of a folder that holds a task.yaml, or the name of a bundled task (agenthpo list --tasks).',
    });
  try {
    return readText(path, 'task-invalid');
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    throw new AgentHpoError({
      code: 'task-not-found',
      message: `${folder} holds no task.yaml.`,
      hint: 'Write one (docs/formats.md shows a whole example), or copy the one of tasks/quadratic.',
      cause: error,
    });
  }
}

/** Throws `usage` when the task cannot train on generated data. */
export function assertHasStandIn({ data, name }: TaskDocument, folder: string): void {
  if (data?.stand_in !== undefined) return;
  throw new AgentHpoError({
    code: 'usage',
    message: `${name} has no stand-in data: ${join(folder, 'task.yaml')} does not set data.stand_in, the argument that makes its script generate some.`,
    hint: 'Leave --stand-in out.',
  });
}
