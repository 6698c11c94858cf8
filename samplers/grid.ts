import {
  fromUnit,
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  toUnit,
  valueCount,
  valuesOf,
} from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { untriedPoints } from './finite.ts';
import { type Axis, nearestFirst, spreadOut } from './grid-order.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import type { Observation, Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Grid points looked at for one suggestion; a space in which none of them is new and valid counts as used up. */
const MOST_VISITS = 50_000;
/** Values of a range: its ends and its middle. */
const COARSE = 3;
const FINER = [5, 9, 17, 33, 65, 129];
/** Distances to the incumbent’s neighbours, as 1 / n of every range. */
const AROUND = [4, 8, 16, 32, 64];

/**
 * Grid search that needs no budget, from coarse to fine:
 *
 * 1. the ends and the middle of every range with all choices of every list, in an order that spreads over the grid;
 * 2. once that is used up, the grid around the incumbent: a quarter of every range to either side, then an eighth, …,
 *    nearest points first; a list keeps the incumbent’s choice. A better trial moves the centre, as in the pattern search of
 *    Hooke and Jeeves (1961);
 * 3. where nothing is left of that, or every trial failed: whole grids, each twice as fine as the one before.
 *
 * The next point is the first in this order that is valid and new. Ignores `random`.
 */
export const gridSampler: Sampler = {
  name: 'grid',
  suggest: (request) => suggestOneByOne(request, (tried) => nextOnGrid(request, tried)),
};

function nextOnGrid({ space, observations }: SamplerRequest, tried: TriedSet): Suggestion | undefined {
  let visits = 0;
  for (const { values, how } of gridPoints(space, bestOf(observations))) {
    if (++visits > MOST_VISITS) break;
    const active = space.onlyActive(values);
    if (space.brokenConstraints(active).length === 0 && !tried.has(active)) return suggestion(active, how);
  }
  return suggestion(untriedPoints(space, tried)?.[0], 'one of the last that were left, in order');
}

interface GridPoint {
  /** A value for every parameter, active or not. */
  readonly values: Hyperparameters;
  readonly how: string;
}

function* gridPoints(space: SearchSpace, incumbent: Hyperparameters | undefined): Generator<GridPoint> {
  const named = (values: readonly HyperparameterValue[]): Hyperparameters =>
    Object.fromEntries(space.names.map((name, index) => [name, values[index] ?? null]));
  function* wholeGrid(size: number): Generator<GridPoint> {
    const axes = space.parameters.map((parameter) => axisOf(parameter, size));
    for (const values of spreadOut(axes))
      yield { values: named(values), how: `the next point of the grid with ${size} values a range` };
  }
  yield* wholeGrid(COARSE);
  if (incumbent !== undefined)
    for (const part of AROUND) {
      const axes = space.parameters.map((parameter) => axisAround(parameter, incumbent[parameter.name], 1 / part));
      for (const values of nearestFirst(axes))
        yield { values: named(values), how: `the next point around the best so far, 1/${part} of every range apart` };
    }
  for (const size of FINER) yield* wholeGrid(size);
}

function axisOf(parameter: Hyperparameter, size: number): Axis {
  if (isUnordered(parameter) || valueCount(parameter) <= size) return valuesOf(parameter) ?? [];
  const positions = Array.from({ length: size }, (_, index) => index / (size - 1));
  return [...new Set(positions.map((position) => fromUnit(parameter, position)))];
}

/** The incumbent’s own value first; a parameter that it does not have stands at its default. */
function axisAround(parameter: Hyperparameter, centre: HyperparameterValue | undefined, distance: number): Axis {
  if (centre === undefined) return [parameter.default];
  if (isUnordered(parameter)) return [centre];
  const position = toUnit(parameter, centre);
  const neighbours = [position - distance, position + distance].filter((each) => each >= 0 && each <= 1);
  return [...new Set([centre, ...neighbours.map((each) => fromUnit(parameter, each))])];
}

function isUnordered({ type }: Hyperparameter): boolean {
  return type === 'categorical' || type === 'boolean';
}

function bestOf(observations: readonly Observation[]): Hyperparameters | undefined {
  const valued = observations.flatMap(({ hyperparameters, loss }) =>
    loss === null ? [] : [{ hyperparameters, loss }],
  );
  return valued.toSorted((a, b) => a.loss - b.loss)[0]?.hyperparameters;
}
