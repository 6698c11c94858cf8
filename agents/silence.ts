import { BudgetReached } from '../study/budget.ts';
import { AgentHpoError } from '../study/errors.ts';

/**
 * Whether an error only means that the model says nothing more: it cannot be reached, or the budget has no tokens for
 * it. A training needs neither, so a trial goes on without words; every other error is nobody’s to ignore.
 */
export function isOnlySilence(error: unknown): boolean {
  if (error instanceof BudgetReached) return true;
  return error instanceof AgentHpoError && (error.code === 'model-failed' || error.code === 'model-unusable');
}
