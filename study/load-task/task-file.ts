import { LineCounter, parseDocument } from 'yaml';
import { type Place, placeIn, yamlProblems } from '../yaml-places.ts';
import { invalidTask } from './invalid-task.ts';

/** task.yaml as it was written. */
export interface TaskFile {
  /** Absolute. */
  readonly path: string;
  /** How the user named the task: for commands in hints. */
  readonly reference: string;
  readonly values: unknown;
  /** Where a dotted path stands in the file, or what is nearest around it. */
  placeOf(path: string): Place | undefined;
}

/** Throws `task-invalid` for a text that is no YAML. */
export function parseTaskFile(path: string, reference: string, text: string): TaskFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const file = { path, reference, values: undefined, placeOf: (key: string) => placeIn(document, lines, key) };
  const problems = yamlProblems(document, lines, text);
  if (problems.length > 0) throw invalidTask(file, problems);
  return { ...file, values: document.toJS() };
}
