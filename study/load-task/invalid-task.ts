import { AgentHpoError } from '../errors.ts';
import { shellWords } from '../shell-words.ts';
import type { TaskFile } from './task-file.ts';

/**
 * `task-invalid`, with every problem on a line of its own, in the order of the file. A problem begins with its path in
 * the file (`train.script: …`), from which its line is found; one without a place comes last.
 */
export function invalidTask(file: TaskFile, problems: readonly string[]): AgentHpoError {
  const placed = [...new Set(problems)].map((text) => ({ text, line: lineOf(file, text) }));
  const inOrder = placed.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
  const list = inOrder.map(({ text, line }) => `\n  - ${line === undefined ? '' : `line ${line}: `}${text}`).join('');
  const [it, count] = placed.length === 1 ? ['it', 'a problem'] : ['them', `${placed.length} problems`];
  return new AgentHpoError({
    code: 'task-invalid',
    message: `${file.path} has ${count}:${list}`,
    hint: `Mend ${it}, then: ${shellWords(['agenthpo', 'check', file.reference])}   (every key is described in docs/formats.md)`,
  });
}

function lineOf(file: TaskFile, problem: string): number | undefined {
  const [, path] = /^([\w.[\]-]+): /.exec(problem) ?? [];
  return path === undefined ? undefined : file.placeOf(path)?.line;
}
