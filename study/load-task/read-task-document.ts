import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { AgentHpoError, systemCodeOf } from '../errors.ts';
import { describeIssues } from '../schema-errors.ts';
import { type TaskDocument, taskSchema } from '../task-schema.ts';
import { invalidTask } from './invalid-task.ts';

/** task.yaml as its schema reads it. Throws `task-not-found` and `task-invalid`. */
export function readTaskDocument(folder: string, file: string): TaskDocument {
  return parseTaskDocument(file, readTaskFile(folder, file));
}

function readTaskFile(folder: string, file: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new AgentHpoError({
      code: 'task-not-found',
      message: `There is no task folder at ${folder}.`,
      hint: 'Give the path of a folder that holds a task.yaml, or the name of a bundled task (agenthpo list --tasks).',
    });
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
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

function parseTaskDocument(file: string, text: string): TaskDocument {
  const parsed = parseDocument(text, { prettyErrors: true });
  if (parsed.errors.length > 0)
    throw invalidTask(
      file,
      parsed.errors.map((error) => `not valid YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}`),
    );
  const raw: unknown = parsed.toJS();
  const checked = taskSchema.safeParse(raw);
  if (!checked.success) throw invalidTask(file, describeIssues(checked.error, taskSchema, raw));
  return checked.data;
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
