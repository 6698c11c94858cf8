import { tokensUsed } from '../study/budget.ts';
import type { StopReason } from '../study/events.ts';
import type { History } from '../study/history.ts';

/** Each limit but that of the trials that ended the study, or is used up, doubled, as flags of `resume`. */
export function raisedLimits(history: History): string[] {
  const { budget, activeSeconds, end } = history;
  const { requests, spentUsd } = history.usage();
  const raise = (reason: StopReason, limit: number | undefined, used: number, flag: (doubled: number) => string) => {
    const isReached = limit !== undefined && (end?.reason === reason || used >= limit);
    return isReached ? [flag(2 * limit)] : [];
  };
  return [
    ...raise('time-budget', budget.maxSeconds, activeSeconds, (seconds) => `--max-time ${Math.ceil(seconds)}s`),
    ...raise('token-budget', budget.maxTokens, tokensUsed(history), (tokens) => `--max-tokens ${tokens}`),
    ...raise('cost-budget', budget.maxUsd, spentUsd, (usd) => `--max-cost ${usd}`),
    ...raise('request-budget', budget.maxRequests, requests, (limit) => `--max-requests ${limit}`),
  ];
}
