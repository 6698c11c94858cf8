import { isValued, type Valued } from './comparable.ts';
import type { History } from './history.ts';
import { isNumeric, toUnit } from './hyperparameter.ts';
import { SIMILAR_WITHIN } from './objective.ts';
import { deviationOfRepeats } from './repeats.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

/** Two configurations are near neighbours when every number lies within this share of its (log) range, and all else is equal. */
const NEAR = 0.02;
/** Of fewer pairs the difference may well be an effect. */
const FEWEST_PAIRS = 3;
/** Trials that are compared with each other, the latest: their pairs are counted in every prompt. */
const MOST_TRIALS = 60;
const DIGITS = 2;
/** Of normal noise: its standard deviation over the median distance of two draws. */
const DEVIATION_OF_MEDIAN = 1 / (Math.SQRT2 * 0.6745);

/** How much a value would differ by chance, as far as the trials tell: one figure for all that is compared. */
export interface Variation {
  /** A standard deviation, in the metric’s unit. */
  readonly deviation: number;
  /** `repeats`: of trainings of one configuration under several seeds; `near-neighbours`: of their values, three pairs or more; `curves`: the median jitter of the trials’ curves at their ends. */
  readonly from: 'repeats' | 'near-neighbours' | 'curves';
}

/** Undefined where neither repeats nor near neighbours nor jittery curves tell of chance. */
export function variationOf(history: History, finished: readonly Trial[]): Variation | undefined {
  const { space } = history;
  const repeated = deviationOfRepeats(history);
  if (repeated !== undefined) return { deviation: Number(repeated.toPrecision(DIGITS)), from: 'repeats' };
  const valued = finished.filter(isValued).slice(-MOST_TRIALS);
  const differences = valued.flatMap((trial, index) =>
    valued
      .slice(0, index)
      .filter((other) => areNear(trial, other, space))
      .map((other) => Math.abs(trial.value - other.value)),
  );
  if (differences.length >= FEWEST_PAIRS)
    return { deviation: medianOf(differences, DEVIATION_OF_MEDIAN), from: 'near-neighbours' };
  const jitter = valued.flatMap(({ curve }) => curve?.jitter ?? []);
  const deviation = jitter.length === 0 ? 0 : medianOf(jitter);
  return deviation > 0 ? { deviation, from: 'curves' } : undefined;
}

/** Up to this distance two values count as similar: a standard error of their difference, or one per cent if that is more. */
export function similarWithin(variation: Variation | undefined, reference: number): number {
  return Math.max(Math.SQRT2 * (variation?.deviation ?? 0), SIMILAR_WITHIN * Math.abs(reference));
}

function areNear(a: Valued, b: Valued, { parameters }: SearchSpace): boolean {
  return parameters.every((parameter) => {
    const [left, right] = [a, b].map(({ proposal }) => proposal.hyperparameters[parameter.name]);
    if (left === undefined || right === undefined || !isNumeric(parameter)) return left === right;
    return Math.abs(toUnit(parameter, left) - toUnit(parameter, right)) <= NEAR;
  });
}

function medianOf(numbers: readonly number[], factor = 1): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [lower = Number.NaN, upper = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return Number((((lower + upper) / 2) * factor).toPrecision(DIGITS));
}
