import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { drawValid, drawValue, drawWith } from './draw.ts';
import { createKernel } from './parzen-kernel.ts';

/** A probability density over the configurations of a space, learned from examples. */
export interface ParzenEstimator {
  /** undefined when a constraint is broken. */
  draw(random: Random): Hyperparameters | undefined;
  logDensity(values: Hyperparameters): number;
}

/** How heavy the flat component is against an average example. */
const PRIOR_WEIGHT = 0.5;

/**
 * A mixture with one component for each example, of the weight given (default: all alike), and one flat component, the
 * prior. A component is a product over the parameters: a normal on the unit scale for numbers and ordered values, most of
 * the weight on the example’s own value for unordered ones. Keeping whole examples as components is what makes it
 * multivariate (Falkner et al. 2018): values that work only together stay together. A parameter that an example does not
 * have is flat there.
 */
export function createParzenEstimator(
  space: SearchSpace,
  examples: readonly Hyperparameters[],
  given: readonly number[] = examples.map(() => 1),
): ParzenEstimator {
  const kernels = space.parameters.map((parameter) => createKernel(parameter, examples, space.parameters.length));
  const indexOf = new Map(space.parameters.map(({ name }, index) => [name, index]));
  const shares = sharesOf(given);
  const logShares = shares.map(Math.log);
  return {
    draw: (random) => {
      const example = examples[pickByShare(shares, random)];
      if (example === undefined) return drawValid(space, random);
      return drawWith(space, (parameter) => {
        const centre = example[parameter.name];
        const kernel = kernels[indexOf.get(parameter.name) ?? -1];
        if (centre === undefined || kernel === undefined) return drawValue(parameter, random);
        return kernel.draw(centre, random);
      });
    },
    logDensity: (values) => {
      const active = kernels.filter(({ name }) => values[name] !== undefined);
      const at = active.map(({ toPosition, name }) => toPosition(values[name] ?? null));
      const logs = Float64Array.from(logShares); // the last one is the flat component, of density 1
      active.forEach((kernel, index) => {
        const position = at[index] ?? 0;
        for (let component = 0; component < examples.length; component++)
          logs[component] = (logs[component] ?? 0) + kernel.logDensity(component, position);
      });
      return logSumExp(logs);
    },
  };
}

/** The weights of the examples and of the flat component, which stands last, summing to 1. */
function sharesOf(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const prior = PRIOR_WEIGHT * (weights.length === 0 ? 1 : total / weights.length);
  return Float64Array.from([...weights, prior], (weight) => weight / (total + prior));
}

function pickByShare(shares: Float64Array, random: Random): number {
  let left = random.uniform();
  const found = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return found < 0 ? shares.length - 1 : found;
}

function logSumExp(logs: Float64Array): number {
  const highest = logs.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const each of logs) sum += Math.exp(each - highest);
  return highest + Math.log(sum);
}
