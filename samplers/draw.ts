import {
  fromUnit,
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  isNumeric,
  roundToStep,
  valueCount,
} from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { untriedPoints } from './finite.ts';
import type { TriedSet } from './tried.ts';

/** Draws before a space is searched point by point, or given up when it has too many points for that. */
const MOST_DRAWS = 1000;

/** How a value of one active parameter is drawn, given the values chosen so far (those of its parents among them). */
export type DrawValue = (parameter: Hyperparameter, chosen: Hyperparameters) => HyperparameterValue;

/** One value, uniform on the parameter’s own scale. */
export function drawValue(parameter: Hyperparameter, random: Random): HyperparameterValue {
  return valueAtShare(parameter, random.uniform());
}

/** The value at a share in [0, 1) of the parameter’s own scale, on which values that can be counted have equal widths. */
export function valueAtShare(parameter: Hyperparameter, share: number): HyperparameterValue {
  const count = valueCount(parameter);
  if (!Number.isFinite(count) || (isNumeric(parameter) && parameter.scale === 'log')) return fromUnit(parameter, share);
  const index = Math.floor(share * count);
  if (isNumeric(parameter)) return roundToStep(parameter, parameter.low + index * (parameter.step ?? 1));
  return fromUnit(parameter, count < 2 ? 0 : index / (count - 1));
}

/** One value for every parameter that is active, in declared order; undefined when it breaks a constraint. */
export function drawWith(space: SearchSpace, draw: DrawValue): Hyperparameters | undefined {
  const chosen: Record<string, HyperparameterValue> = {};
  for (const parameter of space.parameters)
    if (space.isActive(parameter, chosen)) chosen[parameter.name] = draw(parameter, chosen);
  return space.brokenConstraints(chosen).length === 0 ? chosen : undefined;
}

/** A uniform configuration under conditions and constraints; undefined when a bounded number of draws finds none. */
export function drawValid(space: SearchSpace, random: Random): Hyperparameters | undefined {
  return firstOf(MOST_DRAWS, () => drawWith(space, (parameter) => drawValue(parameter, random)));
}

/**
 * A uniform configuration that is not in `tried`. In a finite space (of a size that can be listed) the last one is
 * always found; elsewhere undefined means that a bounded number of draws found nothing new.
 */
export function drawNew(space: SearchSpace, random: Random, tried: TriedSet): Hyperparameters | undefined {
  const drawn = firstOf(MOST_DRAWS, () => {
    const values = drawWith(space, (parameter) => drawValue(parameter, random));
    return values === undefined || tried.has(values) ? undefined : values;
  });
  if (drawn !== undefined) return drawn;
  const left = untriedPoints(space, tried) ?? [];
  return left.length === 0 ? undefined : random.pick(left);
}

function firstOf<T>(attempts: number, attempt: () => T | undefined): T | undefined {
  for (let count = 0; count < attempts; count++) {
    const found = attempt();
    if (found !== undefined) return found;
  }
  return undefined;
}
