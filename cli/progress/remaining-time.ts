import { activeSecondsAt } from '../../study/budget.ts';
import type { History } from '../../study/history.ts';

/**
 * Seconds that the study will probably still take: the trials left at the usual pace, but no more than its time limit
 * leaves. Undefined before the first trial is finished, and without a budget of trials.
 */
export function remainingSeconds(history: History, now: Date): number | undefined {
  const { trials, maxSeconds } = history.budget;
  const finishedAt = history.finished.map((trial) => Date.parse(trial.finishedAt ?? trial.proposedAt)).sort(ascending);
  const last = finishedAt.at(-1);
  if (trials === undefined || last === undefined) return undefined;
  const pace = usualGap([Date.parse(history.startedAt), ...finishedAt]) / 1000;
  const sinceLast = Math.max(0, now.getTime() - last) / 1000;
  const left = Math.max(0, pace * (trials - finishedAt.length) - Math.min(pace, sinceLast));
  return maxSeconds === undefined ? left : Math.min(left, Math.max(0, maxSeconds - activeSecondsAt(history, now)));
}

/** The median of the gaps between moments: what a pause between two sessions hardly moves. */
function usualGap(moments: readonly number[]): number {
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment));
  return gaps.sort(ascending)[Math.floor(gaps.length / 2)] ?? 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}
