import { BudgetReached } from '../study/budget.ts';
import { describeError, isModelsFault } from '../study/errors.ts';
import type { TrialResult } from '../study/trial.ts';

/**
 * Whether an error only means that the model says nothing more: it cannot be reached, or the budget has no tokens for
 * it. A training needs neither, so a trial goes on without words; every other error is nobody’s to ignore.
 */
export function isOnlySilence(error: unknown): boolean {
  return error instanceof BudgetReached || isModelsFault(error);
}

/** What a trial’s result says of such an error: a dead model pauses the study, a spent budget ends it in its own way. */
export function silenceIn(error: unknown): Pick<TrialResult, 'modelUnavailable'> {
  return isModelsFault(error) ? { modelUnavailable: describeError(error) } : {};
}
