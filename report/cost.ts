import type { History } from '../study/history.ts';
import { addUsage, NO_USAGE, type Usage } from '../study/usage.ts';

/** What the study used. */
export interface Cost {
  /** All model requests, and by role where there were any. `costUsd` null: unknown. */
  readonly total: Usage;
  readonly roles: readonly { readonly role: 'creator' | 'executor' | 'report'; readonly usage: Usage }[];
  /** By model, where more than one answered or failed to: those that took over, and roles with a model of their own. */
  readonly models: readonly { readonly model: string; readonly usage: Usage }[];
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
    models: modelsOf(history),
    trainingSeconds: timed.reduce((sum, seconds) => sum + seconds, 0),
    attempts: attempts.length,
    attemptsWithoutTime: attempts.length - timed.length,
    activeSeconds: history.activeSeconds,
  };
}

function modelsOf({ usageByModel }: History): Cost['models'] {
  const names = [...new Set(usageByModel.map(({ model }) => model))];
  if (names.length < 2) return [];
  return names.map((model) => ({
    model,
    usage: usageByModel
      .filter((each) => each.model === model)
      .reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
  }));
}
