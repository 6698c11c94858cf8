import {
  fromUnit,
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  toUnit,
  valueCount,
} from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { drawValue, drawWith } from './draw.ts';

/**
 * `values` with one or a few of its parameters moved: numbers and ordered values by about `reach` of their range (and
 * at least to the next value), unordered ones redrawn. Parameters that become active are drawn. Undefined when the
 * move breaks a constraint.
 */
export function drawNeighbour(
  space: SearchSpace,
  values: Hyperparameters,
  reach: number,
  random: Random,
): Hyperparameters | undefined {
  const active = space.active(values);
  if (active.length === 0) return undefined;
  const chance = Math.min(1, 1.5 / active.length);
  const sure = random.pick(active).name;
  return drawWith(space, (parameter) => {
    const value = values[parameter.name];
    if (value === undefined) return drawValue(parameter, random);
    return parameter.name === sure || random.uniform() < chance ? move(parameter, value, reach, random) : value;
  });
}

function move(
  parameter: Hyperparameter,
  value: HyperparameterValue,
  reach: number,
  random: Random,
): HyperparameterValue {
  if (parameter.type === 'categorical' || parameter.type === 'boolean') return drawValue(parameter, random);
  const from = toUnit(parameter, value);
  const moved = fromUnit(parameter, from + reach * random.normal());
  if (moved !== value) return moved;
  const oneStep = 1 / Math.max(1, valueCount(parameter) - 1);
  return fromUnit(parameter, from + (random.uniform() < 0.5 ? -oneStep : oneStep));
}
