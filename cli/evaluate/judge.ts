import { AgentHpoError } from '../../study/errors.ts';
import type { Objective } from '../../study/objective.ts';
import type { Task } from '../../study/task.ts';
import { numberOption } from '../options.ts';

/** What the trainings of an evaluation are judged by, and the words that make the script compute it. */
export interface Judge {
  readonly objective: Objective;
  readonly extraArguments: readonly string[];
}

/** By the task’s test metric, or by the metric that studies are judged by. Throws `task-invalid` for a task without a test metric. */
export function judgeOf(task: Task, byObjective: boolean): Judge {
  if (!byObjective && task.evaluate === undefined)
    throw new AgentHpoError({
      code: 'task-invalid',
      message: `${task.name} does not say how to evaluate.`,
      hint: 'Add to task.yaml: evaluate: { args: "--evaluate", metric: test_loss } with what its script understands; or give --objective to judge by the study’s own metric.',
    });
  if (byObjective || task.evaluate === undefined)
    return { objective: { ...task.objective, constraints: [] }, extraArguments: [] };
  const { args, metric } = task.evaluate;
  return { objective: { ...task.objective, metric, at: 'last', constraints: [] }, extraArguments: args };
}

/** The seeds that `--seed` and `--repeats` ask for, one after another: the first is `otherwise` unless said. Throws `usage`. */
export function seedsOf(options: Record<string, unknown>, otherwise: number): number[] {
  const first = numberOption('--seed', options['seed']) ?? otherwise;
  const count = numberOption('--repeats', options['repeats']) ?? 1;
  if (count >= 1) return Array.from({ length: count }, (_, index) => first + index);
  throw new AgentHpoError({
    code: 'usage',
    message: '--repeats must be at least 1, got 0.',
    hint: 'Write for example: --repeats 10',
  });
}
