import type { Settings } from '../../configs/schema.ts';
import type { PythonPlan } from '../../runners/python-environment.ts';
import type { AgentHpoError } from '../../study/errors.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import type { TaskWarning } from '../../tools/task-warnings.ts';

/** What a check of one task came to. */
export interface Checked {
  /** As the user named it. */
  readonly reference: string;
  /** Why it cannot be used, or what kept the check from being finished. */
  readonly error?: AgentHpoError;
  readonly plan?: CheckedPlan;
  /** With `--run`: how the training with the defaults ended. */
  readonly trained?: TrialResult;
}

/** What a study of the task would do. */
export interface CheckedPlan {
  readonly task: Task;
  readonly settings: Settings;
  readonly python: PythonPlan;
  readonly warnings: readonly TaskWarning[];
}

export function isOk({ error, trained }: Checked): boolean {
  return error === undefined && (trained === undefined || trained.state === 'complete');
}
