import type { BudgetLimits, StopReason } from '../study/events.ts';

/** The limit that ended the study, doubled, as a flag of `resume`; undefined when none but that of the trials did. */
export function raisedLimit(reason: StopReason | undefined, budget: BudgetLimits): string | undefined {
  switch (reason) {
    case 'time-budget':
      return `--max-time ${Math.ceil(2 * (budget.maxSeconds ?? 1))}s`;
    case 'token-budget':
      return `--max-tokens ${2 * (budget.maxTokens ?? 1)}`;
    case 'cost-budget':
      return `--max-cost ${2 * (budget.maxUsd ?? 1)}`;
    case 'request-budget':
      return `--max-requests ${2 * (budget.maxRequests ?? 1)}`;
    default:
      return undefined;
  }
}
