import type { History } from '../study/history.ts';

const FIRST_TRIAL_LIMIT_SECONDS = 24 * 3600;
const LEAST_LIMIT_SECONDS = 600;

/** In seconds: 5 × the first complete trial’s time, at least ten minutes; a day before there is one. */
export function defaultTimeLimit(history: History): number {
  const first = history.complete[0]?.attempts.at(-1)?.wallSeconds;
  return first === undefined || first === null ? FIRST_TRIAL_LIMIT_SECONDS : Math.max(LEAST_LIMIT_SECONDS, 5 * first);
}
