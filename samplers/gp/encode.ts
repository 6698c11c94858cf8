import { type Hyperparameter, type Hyperparameters, toUnit } from '../../study/hyperparameter.ts';
import type { SearchSpace } from '../../study/search-space.ts';

/**
 * Configurations as points: one coordinate a parameter, numbers and ordered values on [0, 1] of their own scale,
 * unordered ones by their index (the kernel only asks whether two differ: the Hamming distance, which is what one-hot
 * coding amounts to). A parameter that is switched off stands at its default, so that two configurations without it agree
 * in it, and the difference to one with it is carried by the parameter that switches it.
 */
export interface Encoding {
  readonly dimensions: number;
  encode(values: Hyperparameters): Float64Array;
  /** The squared difference of two coordinates: at most 1. */
  squaredDifference(dimension: number, a: number, b: number): number;
}

export function createEncoding(space: SearchSpace): Encoding {
  const { parameters } = space;
  const isUnordered = parameters.map(({ type }) => type === 'categorical' || type === 'boolean');
  return {
    dimensions: parameters.length,
    encode: (values) => Float64Array.from(parameters, (parameter) => coordinate(parameter, values)),
    squaredDifference: (dimension, a, b) => (isUnordered[dimension] === true ? Number(a !== b) : (a - b) ** 2),
  };
}

function coordinate(parameter: Hyperparameter, values: Hyperparameters): number {
  return toUnit(parameter, values[parameter.name] ?? parameter.default);
}
