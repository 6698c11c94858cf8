import type { History } from '../study/history.ts';
import type { Usage } from '../study/usage.ts';

/** What the study used. */
export interface Cost {
  /** All model requests, and by role where there were any. `costUsd` null: unknown. */
  readonly total: Usage;
  readonly roles: readonly { readonly role: 'creator' | 'executor' | 'report'; readonly usage: Usage }[];
  /** Wall seconds of all attempts whose end was seen. */
  readonly trainingSeconds: number;
  readonly attempts: number;
  readonly attemptsWithoutTime: number;
  /** Time during which the study was worked on, summed over resumes. */
  readonly activeSeconds: number;
}

export function costOf(history: History): Cost {
  const attempts = history.trials.flatMap((trial) => trial.attempts);
  const timed = attempts.flatMap(({ wallSeconds }) => wallSeconds ?? []);
  const roles = (['creator', 'executor', 'report'] as const)
    .map((role) => ({ role, usage: history.usage(role) }))
    .filter(({ usage }) => usage.requests > 0);
  return {
    total: history.usage(),
    roles,
    trainingSeconds: timed.reduce((sum, seconds) => sum + seconds, 0),
    attempts: attempts.length,
    attemptsWithoutTime: attempts.length - timed.length,
    activeSeconds: history.activeSeconds,
  };
}
