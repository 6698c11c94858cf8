import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { toLoss } from '../study/objective.ts';
import { deviationOfRepeats } from '../study/repeats.ts';
import { isFinal, type Trial } from '../study/trial.ts';
import type { Observation, SamplerRequest } from './sampler.ts';

/** A study as its samplers see it. */
export type Seen = Required<Pick<SamplerRequest, 'observations' | 'pending' | 'excluded'>> &
  Pick<SamplerRequest, 'noise'>;

/** The number that the next trial will have. */
export function nextNumber(history: History, pending: readonly Trial[]): number {
  return 1 + Math.max(history.trials.length, ...pending.map(({ number }) => number));
}

/** What a study’s log tells a sampler: what was learned (an earlier study’s trials first), what is under way, what is ruled out. */
export function seenBy(history: History, pending: readonly Trial[]): Seen {
  const ended = history.trials.filter(({ state }) => isFinal(state));
  const underWay = new Map([...history.unfinished, ...pending].map((trial) => [trial.number, trial]));
  return {
    observations: [
      ...earlierObservations(history),
      ...ended
        .filter((trial) => history.isCurrent(trial))
        .map((trial) => ({ hyperparameters: trial.proposal.hyperparameters, loss: lossOf(trial, history) })),
    ],
    excluded: [
      ...ended.filter((trial) => !history.isCurrent(trial)).map(valuesOf),
      ...history.refusals.map(({ hyperparameters }) => hyperparameters),
    ],
    pending: [...underWay.values()].map(valuesOf),
    ...measuredNoise(history),
  };
}

/** Where it was measured and is not nothing: a noise of 0 would have a model pass through every value. */
function measuredNoise(history: History): Pick<SamplerRequest, 'noise'> {
  const noise = deviationOfRepeats(history) ?? 0;
  return noise > 0 ? { noise } : {};
}

function earlierObservations({ start, objective }: History): Observation[] {
  const trials = start.warmStart?.trials ?? [];
  return trials.map(({ hyperparameters, value }) => ({
    hyperparameters,
    loss: toLoss(value, objective.direction),
    isEarlier: true,
  }));
}

/** Only a complete trial that broke no objective constraint has a loss; all others are as good as failed. */
function lossOf(trial: Trial, history: History): number | null {
  if (trial.state !== 'complete' || trial.value === undefined || trial.brokenConstraints.length > 0) return null;
  return toLoss(trial.value, history.objective.direction);
}

function valuesOf({ proposal }: Trial): Hyperparameters {
  return proposal.hyperparameters;
}
