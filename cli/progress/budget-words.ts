import { activeSecondsAt, tokensUsed } from '../../study/budget.ts';
import type { History } from '../../study/history.ts';
import { formatElapsed, formatEstimate } from '../durations.ts';
import { formatCount, formatDollars } from '../numbers.ts';
import { remainingSeconds } from './remaining-time.ts';

/** How far the study is: `4 of 10 trials`. */
export function describeTrials({ budget: { trials }, finished: { length } }: History): string {
  return trials === undefined ? `${length} ${length === 1 ? 'trial' : 'trials'}` : `${length} of ${trials} trials`;
}

/** How long it takes: `2m 10s, about 4m left`; with a time limit `2m 10s of at most 1h 00m, …`. */
export function describeTime(history: History, now: Date): string {
  const { maxSeconds } = history.budget;
  const left = remainingSeconds(history, now);
  const limit = maxSeconds === undefined ? '' : ` of at most ${formatElapsed(maxSeconds)}`;
  const estimate = left === undefined ? '' : `, ${formatEstimate(left)} left`;
  return `${formatElapsed(activeSecondsAt(history, now))}${limit}${estimate}`;
}

/** What the model has used: `14.2k of 60k tokens in 12 requests, cost unknown`; undefined where no model is asked or paid. */
export function describeUse(history: History): string | undefined {
  const { requests, costUsd, estimatedUsd } = history.usage();
  const { maxTokens, maxUsd } = history.budget;
  if (requests === 0 || history.models.every(({ model }) => model === 'offline')) return undefined;
  const tokens = tokensUsed(history);
  const limit = maxTokens === undefined ? '' : ` of ${formatCount(maxTokens)}`;
  // Some servers report no usage: then 0 would be a claim that nobody made.
  const counted = tokens === 0 ? 'tokens unknown' : `${formatCount(tokens)}${limit} tokens`;
  const cost =
    costUsd === null
      ? 'cost unknown'
      : `${estimatedUsd > 0 ? 'at most ' : ''}${formatDollars(costUsd)}${maxUsd === undefined ? '' : ` of ${formatDollars(maxUsd)}`}`;
  return `${counted} in ${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}, ${cost}`;
}

/** The share of the budget that is spent, in [0, 1], by the unit that is nearest to its end; undefined without a budget. */
export function spentShare(history: History, now: Date): number | undefined {
  const { trials, maxSeconds, maxTokens, maxUsd, maxRequests } = history.budget;
  const { spentUsd, requests } = history.usage();
  const shares = [
    share(history.finished.length, trials),
    share(activeSecondsAt(history, now), maxSeconds),
    share(tokensUsed(history), maxTokens),
    share(spentUsd, maxUsd),
    share(requests, maxRequests),
  ].filter((each) => each !== undefined);
  return shares.length === 0 ? undefined : Math.min(1, Math.max(...shares));
}

function share(used: number, limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : used / Math.max(limit, Number.MIN_VALUE);
}
