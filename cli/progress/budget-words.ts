import { activeSecondsAt } from '../../study/budget.ts';
import type { History } from '../../study/history.ts';
import { formatDuration } from '../durations.ts';
import { formatCount, formatDollars } from '../numbers.ts';

/** What is spent of what was given, one clause a unit: `4 of 10 trials`, `2m 10s of 1h 00m`, `14.2k of 60k tokens`, `12 requests`. */
export function describeSpending(history: History, now: Date): string[] {
  const { trials, maxSeconds, maxTokens } = history.budget;
  const { requests, promptTokens, completionTokens, costUsd } = history.usage();
  const finished = history.finished.length;
  const clauses = [
    trials === undefined ? `${finished} trials` : `${finished} of ${trials} trials`,
    withLimit(formatDuration(activeSecondsAt(history, now)), maxSeconds && formatDuration(maxSeconds)),
  ];
  if (requests === 0) return clauses;
  const tokens = promptTokens + completionTokens;
  // Some servers, and the embedded model, report no usage: then 0 would be a claim that nobody made.
  if (tokens > 0) clauses.push(`${withLimit(formatCount(tokens), maxTokens && formatCount(maxTokens))} tokens`);
  clauses.push(requests === 1 ? '1 request' : `${formatCount(requests)} requests`);
  if (costUsd !== null && costUsd > 0) clauses.push(formatDollars(costUsd));
  return clauses;
}

/** The share of the budget that is spent, in [0, 1], by the unit that is nearest to its end; undefined without a budget. */
export function spentShare(history: History, now: Date): number | undefined {
  const { trials, maxSeconds, maxTokens } = history.budget;
  const { promptTokens, completionTokens } = history.usage();
  const shares = [
    share(history.finished.length, trials),
    share(activeSecondsAt(history, now), maxSeconds),
    share(promptTokens + completionTokens, maxTokens),
  ].filter((each) => each !== undefined);
  return shares.length === 0 ? undefined : Math.min(1, Math.max(...shares));
}

function share(used: number, limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : used / Math.max(limit, Number.MIN_VALUE);
}

function withLimit(used: string, limit: string | number | undefined): string {
  return typeof limit === 'string' ? `${used} of ${limit}` : used;
}
