import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ATTEMPTS_FOLDER } from '../../runners/run-paths.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Journal } from '../../study/journal.ts';
import { repeatsOf } from '../../study/repeats.ts';
import type { TrialResult } from '../../study/trial.ts';
import { attemptId } from '../../tools/attempt.ts';
import { recoverOnce, trainOnce } from '../../tools/train-once.ts';
import { formatMeasure } from '../numbers.ts';
import { type Retraining, singleTraining } from '../retraining.ts';

/** One training that a confirmation consists of. */
export interface ConfirmationRun {
  readonly which: 'best' | 'default';
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
}

/** The best and the defaults under each of `count` seeds that no trial had, the study’s own plus 1, 2 …; those already trained left out. */
export function confirmationRuns(history: History, best: Hyperparameters, count: number): ConfirmationRun[] {
  const seeds = Array.from({ length: count }, (_, index) => history.start.seed + 1 + index);
  const pairs = seeds.flatMap((seed): ConfirmationRun[] => [
    { which: 'best', hyperparameters: best, seed },
    { which: 'default', hyperparameters: history.space.defaults(), seed },
  ]);
  return pairs.filter((run) => !isTrained(run, history));
}

/** Failed ones count: the same code with the same values and seed would fail again. */
function isTrained({ hyperparameters, seed }: ConfirmationRun, history: History): boolean {
  const { confirmations, codeHash, space } = history;
  return [...confirmations.filter((each) => each.codeHash === codeHash), ...repeatsOf(history)].some(
    (each) => each.seed === seed && space.isSame(each.hyperparameters, hyperparameters),
  );
}

/** Trains each in turn; what is done is in the log before the next begins. */
export async function confirmLead(
  runs: readonly ConfirmationRun[],
  retraining: Retraining,
  { journal, say }: { readonly journal: Journal; readonly say: (line: string) => void },
): Promise<void> {
  const { context, folder } = retraining;
  for (const [index, run] of runs.entries()) {
    const { which, hyperparameters, seed } = run;
    const workingCopy = join(folder, 'confirmation', `${which}-seed-${seed}`);
    const own = { folder: workingCopy, hyperparameters, trainingSeed: seed };
    const result = (await adopt(own, retraining)) ?? (await train(own, retraining));
    context.signal.throwIfAborted();
    const { value = null, failure, metrics } = result;
    journal.record({
      event: 'confirmation-trained',
      hyperparameters,
      seed,
      codeHash: journal.history.codeHash,
      value,
      ...(failure && { failure: failure.message }),
      wallSeconds: metrics['wall_seconds'] ?? null,
    });
    if (value !== null) rmSync(workingCopy, { recursive: true, force: true });
    say(
      `${index + 1} of ${runs.length}: ${which}, seed ${seed}: ${value === null ? (failure?.message ?? 'no value') : formatMeasure(value)}`,
    );
  }
}

type Own = Pick<Parameters<typeof singleTraining>[1], 'folder' | 'hyperparameters' | 'trainingSeed'>;

/** What a killed process left: its training, still running or finished meanwhile. undefined when there is none. */
async function adopt(own: Own, retraining: Retraining): Promise<TrialResult | undefined> {
  const attempts = join(own.folder, ATTEMPTS_FOLDER);
  const [left] = existsSync(attempts) ? readdirSync(attempts) : [];
  if (left === undefined) return undefined;
  const found = await recoverOnce(singleTraining(retraining, { ...own, attemptId: left }), retraining.context.signal);
  return found === 'lost' || found.state === 'interrupted' ? undefined : found;
}

function train(own: Own, retraining: Retraining): Promise<TrialResult> {
  rmSync(own.folder, { recursive: true, force: true });
  const training = singleTraining(retraining, { ...own, attemptId: attemptId(own.folder, 0, Date.now()) });
  return trainOnce(
    { ...training, objective: { ...retraining.task.objective, constraints: [] } },
    retraining.context.signal,
  );
}
