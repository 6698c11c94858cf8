import type { Runner } from '../runners/runner.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Objective } from '../study/objective.ts';
import type { TrialResult } from '../study/trial.ts';
import { copyTask, prepareTraining, type TrainingSetup } from './prepare-training.ts';
import { readOutcome } from './read-outcome.ts';

export interface SingleTraining extends TrainingSetup {
  readonly runner: Runner;
  /** Made anew. */
  readonly folder: string;
  /** Names the attempt for ever; see RunRequest. */
  readonly attemptId: string;
  readonly hyperparameters: Hyperparameters;
  /** Words after the task’s own arguments. */
  readonly extraArguments?: readonly string[];
  /** What to read from the training log; default: the task’s objective. */
  readonly objective?: Objective;
  readonly timeLimitSeconds: number;
  readonly outputLimitBytes: number;
}

/** A training that a dead process left in `folder`, adopted (alive or finished meanwhile); `lost` when there is nothing to adopt. */
export async function recoverOnce(training: SingleTraining, signal: AbortSignal): Promise<TrialResult | 'lost'> {
  const { task, folder, attemptId, runner, objective = task.objective, redact } = training;
  const outcome = await runner.recover(folder, attemptId, signal);
  return outcome.outcome === 'lost' ? 'lost' : readOutcome({ ...task, objective }, folder, outcome, redact);
}

/** One training outside of any study: `check --run`, `evaluate` and `confirm`. Throws `config-invalid` and `runner-failed`. */
export async function trainOnce(training: SingleTraining, signal: AbortSignal): Promise<TrialResult> {
  const { task, folder, hyperparameters, extraArguments = [], objective = task.objective } = training;
  copyTask(training, folder);
  const { command, environment } = prepareTraining(training, folder, hyperparameters, extraArguments);
  const { attemptId, timeLimitSeconds, outputLimitBytes, runner } = training;
  const { memoryBytes } = task.resources;
  const outcome = await runner.run(
    { attemptId, folder, command, environment, timeLimitSeconds, memoryLimitBytes: memoryBytes, outputLimitBytes },
    signal,
  );
  return readOutcome({ ...task, objective }, folder, outcome, training.redact);
}
