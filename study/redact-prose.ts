import type { Redact } from './redact.ts';
import type { Task } from './task.ts';

const PROSE = ['title', 'description', 'dataset', 'model', 'goal', 'readme'] as const;

/** The task with the secrets taken out of its prose while it is whole: prompts cut it, and half a key looks like none. */
export function redactProse(task: Task, redact: Redact): Task {
  const prose = PROSE.flatMap((name) => {
    const text = task[name];
    return text === undefined ? [] : [[name, redact(text)] as const];
  });
  return { ...task, ...Object.fromEntries(prose) };
}
