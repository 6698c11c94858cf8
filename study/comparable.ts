import type { History } from './history.ts';
import { isBetter } from './objective.ts';
import type { Trial } from './trial.ts';

/** A trial that carries a whole value. */
export type Valued = Trial & { readonly value: number };

/** Complete with a value; pruned trials carry only a partial one and are never compared. */
export function isValued(trial: Trial): trial is Valued {
  return trial.state === 'complete' && trial.value !== undefined;
}

/** Complete trials of the current code version: the only ones whose values may stand beside each other. */
export function comparableTrials(history: History): Valued[] {
  return history.trials.filter(isValued).filter((trial) => history.isCurrent(trial));
}

/** The code a trial ran; undefined when it never started. */
export function codeOf(trial: Trial): string | undefined {
  return trial.attempts.at(-1)?.codeHash;
}

/** The code versions of a study in the order they were first run. */
export function codeVersions(history: History): string[] {
  return [...new Set(history.trials.flatMap((trial) => codeOf(trial) ?? []))];
}

/** The task’s defaults, when they ran to the end with the current code. */
export function defaultTrial(history: History): Valued | undefined {
  return comparableTrials(history).find(({ proposal }) => proposal.origin === 'default');
}

/** The incumbent as it stood when this trial was proposed: the best finished by then, of the same code version. */
export function incumbentBefore(history: History, trial: Trial): Valued | undefined {
  return history.trials
    .filter(isValued)
    .filter((other) => other.number < trial.number && (other.finishedAt ?? '') <= trial.proposedAt)
    .filter((other) => other.brokenConstraints.length === 0 && codeOf(other) === codeOf(trial))
    .reduce<Valued | undefined>((best, other) => {
      const wins = best === undefined || isBetter(other.value, best.value, history.objective.direction);
      return wins ? other : best;
    }, undefined);
}
