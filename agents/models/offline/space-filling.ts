import { createEncoding } from '../../../samplers/gp/encode.ts';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import type { Prior } from './prior.ts';

/** Half of the weight of a step away from the ends of a range: optima seldom lie exactly there. */
const EDGE_WEIGHT = 0.5;

/**
 * How far a configuration lies from everything tried and, half as much, from the ends of the ranges (a maximin design,
 * Johnson et al. 1990), with general knowledge in full: for the trials in which there is nothing to model yet.
 */
export function spaceFillingScore(
  space: SearchSpace,
  tried: readonly Hyperparameters[],
  prior: Prior,
): (values: Hyperparameters) => number {
  const { dimensions, encode, squaredDifference } = createEncoding(space);
  const others = tried.map(encode);
  return (values) => {
    const point = encode(values);
    const distances = others.map((other) =>
      point.reduce((sum, each, index) => sum + squaredDifference(index, each, other[index] ?? 0), 0),
    );
    const edges = point.reduce((sum, each) => sum + Math.min(0, Math.min(each, 1 - each) - 0.2), 0);
    const nearest = distances.length === 0 ? 0 : Math.sqrt(Math.min(...distances) / dimensions);
    return nearest + EDGE_WEIGHT * edges + prior.logWeight(values);
  };
}
