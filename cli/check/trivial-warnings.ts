import { isBetter } from '../../study/objective.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import { trivialValue } from '../../study/trivial.ts';
import type { TaskWarning } from '../../tools/task-warnings.ts';
import { formatMeasure } from '../numbers.ts';

/** What a training with the defaults says of the trivial baseline: that it was not recorded, or not beaten. */
export function trivialWarnings({ objective, trivial, train }: Task, { value, metrics }: TrialResult): TaskWarning[] {
  if (trivial === undefined || value === undefined) return [];
  const reached = trivialValue(trivial, metrics);
  if (reached === undefined)
    return [
      trivialWarning(
        `the training recorded no "${trivial}": let ${train.script} write a row with it before the first epoch, or take it out of task.yaml.`,
      ),
    ];
  if (isBetter(value, reached, objective.direction)) return [];
  return [
    trivialWarning(
      `with the defaults ${objective.metric} is ${formatMeasure(value)}, no better than what is reached without learning, ${formatMeasure(reached)}: look for a fault in the script or the data, or begin from other defaults.`,
    ),
  ];
}

function trivialWarning(message: string): TaskWarning {
  return { kind: 'trivial', message: `objective.trivial: ${message}` };
}
