import { isValued, type Valued } from './comparable.ts';
import { isNumeric, toUnit } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

/** Two configurations are near neighbours when every number lies within this share of its (log) range, and all else is equal. */
const NEAR = 0.02;
/** Of fewer pairs the difference may well be an effect. */
const FEWEST_PAIRS = 3;
/** Trials that are compared with each other, the latest: their pairs are counted in every prompt. */
const MOST_TRIALS = 60;
const DIGITS = 2;

/** How far values lie apart where next to nothing was changed: what no reader should take for an effect. */
export interface Variation {
  /** The median difference between the values of near neighbours, in the metric’s unit, and how many pairs of them there are. */
  readonly nearNeighbours?: { readonly pairs: number; readonly medianDifference: number };
  /** The median of the trials’ jitter (see CurveDigest): from step to step at the end of a training. */
  readonly jitterOfCurves?: number;
}

export function variationOf(space: SearchSpace, finished: readonly Trial[]): Variation {
  const valued = finished.filter(isValued).slice(-MOST_TRIALS);
  const differences = valued.flatMap((trial, index) =>
    valued
      .slice(0, index)
      .filter((other) => areNear(trial, other, space))
      .map((other) => Math.abs(trial.value - other.value)),
  );
  const jitter = valued.flatMap(({ curve }) => curve?.jitter ?? []);
  return {
    ...(differences.length >= FEWEST_PAIRS && {
      nearNeighbours: { pairs: differences.length, medianDifference: medianOf(differences) },
    }),
    ...(jitter.length > 0 && { jitterOfCurves: medianOf(jitter) }),
  };
}

function areNear(a: Valued, b: Valued, { parameters }: SearchSpace): boolean {
  return parameters.every((parameter) => {
    const [left, right] = [a, b].map(({ proposal }) => proposal.hyperparameters[parameter.name]);
    if (left === undefined || right === undefined || !isNumeric(parameter)) return left === right;
    return Math.abs(toUnit(parameter, left) - toUnit(parameter, right)) <= NEAR;
  });
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [lower = Number.NaN, upper = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return Number(((lower + upper) / 2).toPrecision(DIGITS));
}
