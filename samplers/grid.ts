import type { Hyperparameters } from '../study/hyperparameter.ts';
import {
  fromUnit,
  type Hyperparameter,
  type HyperparameterValue,
  valueCount,
  valuesOf,
} from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { untriedPoints } from './finite.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import type { Sampler } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Grid points looked at for one suggestion; a space in which none of them is new and valid counts as used up. */
const MOST_VISITS = 50_000;
const LEVELS = [3, 5, 9, 17, 33, 65, 129];

/**
 * Grid search without a budget: first a grid of the ends and the middle of every range (all values of a short list), then
 * grids twice as fine, each containing the one before. Within a grid the points come in a fixed order that
 * spreads over it, so that stopping early does not leave one parameter at its first value. Ignores losses and `random`.
 */
export const gridSampler: Sampler = {
  name: 'grid',
  suggest: (request) =>
    suggestOneByOne(request, (tried) =>
      suggestion(nextOnGrid(request.space, tried), 'the next point of the grid, whatever came before'),
    ),
};

function nextOnGrid(space: SearchSpace, tried: TriedSet): Hyperparameters | undefined {
  let visits = 0;
  for (const perParameter of LEVELS) {
    const axes = space.parameters.map((parameter) => axisOf(parameter, perParameter));
    const size = axes.reduce((product, axis) => product * axis.length, 1);
    for (const index of spreadOver(size)) {
      if (++visits > MOST_VISITS) return untriedPoints(space, tried)?.[0];
      const values = pointAt(space, axes, index);
      if (values !== undefined && !tried.has(values)) return values;
    }
  }
  return untriedPoints(space, tried)?.[0];
}

function axisOf(parameter: Hyperparameter, perParameter: number): readonly HyperparameterValue[] {
  const isUnordered = parameter.type === 'categorical' || parameter.type === 'boolean';
  if (isUnordered || valueCount(parameter) <= perParameter) return valuesOf(parameter) ?? [];
  const positions = Array.from({ length: perParameter }, (_, index) => index / (perParameter - 1));
  return [...new Set(positions.map((position) => fromUnit(parameter, position)))];
}

/** The grid point with a given index (mixed radix), without its inactive parameters; undefined when a constraint is broken. */
function pointAt(
  space: SearchSpace,
  axes: readonly (readonly HyperparameterValue[])[],
  index: number,
): Hyperparameters | undefined {
  let rest = index;
  const all = space.parameters.map(({ name }, axis): [string, HyperparameterValue] => {
    const values = axes[axis] ?? [];
    const value = values[rest % values.length] ?? null;
    rest = Math.floor(rest / values.length);
    return [name, value];
  });
  const values = space.onlyActive(Object.fromEntries(all));
  return space.brokenConstraints(values).length === 0 ? values : undefined;
}

/** 0 … size − 1, each once, in strides of about the golden section: neighbours in the order lie far apart on the grid. */
function* spreadOver(size: number): Generator<number> {
  let stride = Math.max(1, Math.round(size * 0.618));
  while (greatestCommonDivisor(stride, size) !== 1) stride++;
  for (let step = 0, index = 0; step < size; step++, index = (index + stride) % size) yield index;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
