import { AgentHpoError } from '../errors.ts';

/** `task-invalid`, with every problem on a line of its own. */
export function invalidTask(file: string, problems: readonly string[]): AgentHpoError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  return new AgentHpoError({
    code: 'task-invalid',
    message: `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:${list}`,
    hint: `Mend ${problems.length === 1 ? 'it' : 'them'} and run: agenthpo check <task>. docs/formats.md describes every key.`,
  });
}
