import type { Hyperparameters } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';

/** One training of a configuration and what came of it. */
export interface Training {
  readonly hyperparameters: Hyperparameters;
  readonly value: number;
}

export interface PooledDeviation {
  /** Standard deviation, in the values’ unit; at least 0. */
  readonly deviation: number;
  /** How many values it was computed from: all of the configurations that have several. */
  readonly values: number;
  /** The configurations that have several values. */
  readonly configurations: number;
}

/**
 * How much the values of one and the same configuration differ, pooled over all that were trained more than once: the
 * squares around each one’s mean, by their degrees of freedom. Undefined where nothing was trained twice.
 */
export function pooledDeviation(space: SearchSpace, trainings: readonly Training[]): PooledDeviation | undefined {
  const repeated = valuesByConfiguration(space, trainings).filter((values) => values.length > 1);
  if (repeated.length === 0) return undefined;
  const values = sum(repeated.map(({ length }) => length));
  const squares = sum(repeated.map(squaresAroundMean));
  return { deviation: Math.sqrt(squares / (values - repeated.length)), values, configurations: repeated.length };
}

function valuesByConfiguration(space: SearchSpace, trainings: readonly Training[]): number[][] {
  const groups: { readonly of: Hyperparameters; readonly values: number[] }[] = [];
  for (const { hyperparameters, value } of trainings) {
    const known = groups.find((group) => space.isSame(group.of, hyperparameters));
    if (known === undefined) groups.push({ of: hyperparameters, values: [value] });
    else known.values.push(value);
  }
  return groups.map(({ values }) => values);
}

function squaresAroundMean(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
