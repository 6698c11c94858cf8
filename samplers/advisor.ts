import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { toLoss } from '../study/objective.ts';
import { createRandom } from '../study/random.ts';
import type { OfferedCandidate, Prediction, Trial } from '../study/trial.ts';
import { type CandidateRole, suggestCandidates } from './candidates.ts';
import { probabilityOfImprovement } from './gp/expected-improvement.ts';
import { triedBy } from './one-by-one.ts';
import { createOutcomeModel, type OutcomeModel } from './predict-outcomes.ts';
import { toReadable } from './readable.ts';
import { type Seen, seenBy } from './seen.ts';

/** What the optimiser expects of a configuration. */
export interface Forecast {
  readonly predicted: Prediction;
  /** The chance, in [0, 1], that it is truly better than the incumbent is believed to be. */
  readonly chance: number;
  /** The trial of this study that is most like it. `distance`: 0 for the same, 1 for one that differs in all by its whole range. */
  readonly nearest?: { readonly trial: number; readonly distance: number };
}

/** A configuration worth a trial, and what it stands for. */
export interface AdvisedCandidate extends OfferedCandidate, Forecast {
  /** At least one; see `CandidateRole`. */
  readonly roles: readonly CandidateRole[];
}

/** The optimiser as it is asked about one trial. Both answers are computed once they are asked for. */
export interface Advisor {
  /** At most `count` candidates, the optimiser’s own choice first; a longer list begins with the shorter one. Empty before there is a model. */
  candidates(count: number): readonly AdvisedCandidate[];
  /** undefined before there is a model. `values` must be valid. */
  forecast(values: Hyperparameters): Forecast | undefined;
}

export interface AdvisorRequest {
  readonly history: History;
  /** Trials that are under way, and those promised but not in the log yet. */
  readonly pending: readonly Trial[];
  /** The number of the trial that is proposed. */
  readonly trial: number;
  /** The study’s. */
  readonly seed: number;
  /** Whether a candidate must be tried as it is: what stands for uncertainty alone, mostly a corner of the space, is left out. */
  readonly likelyOnly?: boolean;
}

/**
 * A Gaussian process over the study’s values, asked in the metric’s own unit and answering in readable numbers. What it
 * says depends on the history and on (seed, trial) alone.
 */
export function createAdvisor(request: AdvisorRequest): Advisor {
  const { history, pending, trial, seed, likelyOnly = false } = request;
  const seen = seenBy(history, pending);
  const model = once(() => createOutcomeModel({ space: history.space, ...seen }));
  const forecast = (values: Hyperparameters) => {
    const known = model();
    return known && forecastOf(known, values, history);
  };
  return {
    forecast,
    candidates: (count) => {
      const random = createRandom(seed, 'candidates', trial); // anew each time, so that a longer list begins with the shorter
      const found = suggestCandidates({ space: history.space, ...seen, random, likelyOnly }, count);
      const readable = readableOf(
        found.map(({ hyperparameters }) => hyperparameters),
        history,
        seen,
      );
      return found.flatMap(({ roles }, index) => {
        const hyperparameters = readable[index] ?? {};
        const foretold = forecast(hyperparameters);
        return foretold === undefined ? [] : [{ number: index + 1, hyperparameters, roles, ...foretold }];
      });
    },
  };
}

/**
 * By how much what is told is less sure than the process itself, which takes its own length scales for certain and is
 * asked where it hopes most. Over 25 synthetic functions each of 2, 5 and 8 hyperparameters, two in three outcomes of
 * candidates lay within 2.2 of its standard deviations (38 % within one), after 2 trials as after 12.
 */
const OVERCONFIDENCE = 2.2;

function forecastOf(model: OutcomeModel, values: Hyperparameters, history: History): Forecast {
  const { posterior, apart } = model;
  const { direction } = history.objective;
  const { mean, deviation: own } = posterior.predict(values);
  const deviation = OVERCONFIDENCE * own;
  const possible = boundsOf(history);
  const [value = 0, ...ends] = [mean, mean - deviation, mean + deviation].map((at) =>
    Math.min(possible.high, Math.max(possible.low, toLoss(posterior.toLoss(at), direction))),
  );
  const [low = value, high = value] = ends.sort((a, b) => a - b);
  const incumbent = history.incumbent?.proposal.hyperparameters;
  const aim = incumbent === undefined ? posterior.best : posterior.predict(incumbent).mean;
  const nearest = history.current
    .map(({ number, proposal }) => ({ trial: number, distance: apart(proposal.hyperparameters, values) }))
    .reduce<Forecast['nearest']>((a, b) => (a === undefined || b.distance < a.distance ? b : a), undefined);
  return {
    predicted: { value, low, high },
    chance: probabilityOfImprovement(mean, deviation, aim),
    ...(nearest && { nearest }),
  };
}

/** What the metric cannot pass, as far as its values tell: 0 where none was negative, 1 where all that is maximised lay in [0, 1]. */
function boundsOf({ complete, objective }: History): { readonly low: number; readonly high: number } {
  const values = complete.flatMap(({ value }) => value ?? []);
  const isPositive = values.length > 0 && values.every((value) => value >= 0);
  const isShare = isPositive && objective.direction === 'maximize' && values.every((value) => value <= 1);
  return { low: isPositive ? 0 : Number.NEGATIVE_INFINITY, high: isShare ? 1 : Number.POSITIVE_INFINITY };
}

/** Significant digits of candidates, as few as tell them from what was tried. */
const DIGITS = [3, 4, 6];

/** Each in numbers as a person writes them, new against all that was tried and those that stand before it. */
function readableOf(
  configurations: readonly Hyperparameters[],
  { space }: History,
  seen: Seen,
): readonly Hyperparameters[] {
  const taken = triedBy({ space, ...seen });
  return configurations.map((values) => {
    const readable = DIGITS.map((digits) => toReadable(space, values, digits));
    const chosen = readable.find((each) => !taken.has(each)) ?? values;
    taken.add(chosen);
    return chosen;
  });
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
