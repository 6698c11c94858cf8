import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { hasOrder } from './fading-prior.ts';
import { createEncoding } from './gp/encode.ts';

/** Half of the weight of a step away from the ends of a range: optima seldom lie exactly there. */
const EDGE_WEIGHT = 0.5;

/** The outer fifth of a range, on either side, counts as near its end. */
const EDGE = 0.2;

/**
 * How far a configuration lies from everything tried and, half as much, from the ends of the ranges: the one with the
 * highest score is the next point of a maximin design (Johnson, Moore and Ylvisaker 1990). For the trials in which there
 * is nothing to model yet.
 */
export function spaceFillingScore(
  space: SearchSpace,
  tried: readonly Hyperparameters[],
): (values: Hyperparameters) => number {
  const { dimensions, encode, squaredDifference } = createEncoding(space);
  const others = tried.map(encode);
  const isOrdered = space.parameters.map(hasOrder);
  return (values) => {
    const point = encode(values);
    const distances = others.map((other) =>
      point.reduce((sum, each, index) => sum + squaredDifference(index, each, other[index] ?? 0), 0),
    );
    const edges = point.reduce(
      (sum, each, index) => (isOrdered[index] === true ? sum + Math.min(0, Math.min(each, 1 - each) - EDGE) : sum),
      0,
    );
    const nearest = distances.length === 0 ? 0 : Math.sqrt(Math.min(...distances) / dimensions);
    return nearest + EDGE_WEIGHT * edges;
  };
}
