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
import { drawValid, drawValue, drawWith } from './draw.ts';

/** A probability density over the configurations of a space, learned from examples. */
export interface ParzenEstimator {
  /** undefined when a constraint is broken. */
  draw(random: Random): Hyperparameters | undefined;
  logDensity(values: Hyperparameters): number;
}

/**
 * A mixture with one component for each example and one flat component (the prior). A component is a product over the
 * parameters: a normal on the unit scale for numbers and ordered values, most of the weight on the example’s own value for
 * unordered ones. Keeping whole examples as components is what makes it multivariate (Falkner et al. 2018): values that
 * work only together stay together. A parameter that an example does not have is flat there.
 */
export function createParzenEstimator(space: SearchSpace, examples: readonly Hyperparameters[]): ParzenEstimator {
  const kernels = space.parameters.map((parameter) => createKernel(parameter, examples, space.parameters.length));
  const indexOf = new Map(space.parameters.map(({ name }, index) => [name, index]));
  const weight = -Math.log(examples.length + 1);
  return {
    draw: (random) => {
      const component = random.int(0, examples.length);
      const example = examples[component];
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
      const logs = new Float64Array(examples.length + 1); // the last one is the flat component: log 1
      for (let component = 0; component < examples.length; component++) {
        let sum = 0;
        active.forEach((kernel, index) => {
          sum += kernel.logDensity(component, at[index] ?? 0);
        });
        logs[component] = sum;
      }
      return weight + logSumExp(logs);
    },
  };
}

interface Kernel {
  readonly name: string;
  toPosition(value: HyperparameterValue): number;
  draw(centre: HyperparameterValue, random: Random): HyperparameterValue;
  /** Density relative to the flat one, at a position, of the component that stands at an example. */
  logDensity(example: number, position: number): number;
}

function createKernel(parameter: Hyperparameter, examples: readonly Hyperparameters[], dimensions: number): Kernel {
  const { name } = parameter;
  const toPosition = (value: HyperparameterValue) => toUnit(parameter, value);
  const centres = Float64Array.from(examples, (example) => {
    const value = example[name];
    return value === undefined ? Number.NaN : toPosition(value);
  });
  const isUnordered = parameter.type === 'categorical' || parameter.type === 'boolean';
  const shape = isUnordered
    ? unorderedShape(parameter, examples.length)
    : orderedShape(parameter, examples.length, dimensions, centres);
  return {
    name,
    toPosition,
    draw: shape.draw,
    logDensity: (example, position) => {
      const centre = centres[example] ?? Number.NaN;
      return Number.isNaN(centre) ? 0 : shape.logDensity(example, centre, position);
    },
  };
}

interface Shape {
  draw(centre: HyperparameterValue, random: Random): HyperparameterValue;
  logDensity(example: number, centre: number, position: number): number;
}

/** Aitchison and Aitken’s kernel (1976): the example’s own value, and a share that thins out spread over all of them. */
function unorderedShape(parameter: Hyperparameter, examples: number): Shape {
  const count = valueCount(parameter);
  const spread = Math.min(1, 1.5 / (examples + 1) ** 0.5);
  const same = Math.log((1 - spread) * count + spread);
  const other = Math.log(spread);
  return {
    draw: (centre, random) => (random.uniform() < spread ? drawValue(parameter, random) : centre),
    logDensity: (_, centre, position) => (centre === position ? same : other),
  };
}

/** A normal cut off at the ends of the range, its width by Scott’s rule (1992); never narrower than a value’s own cell. */
function orderedShape(parameter: Hyperparameter, examples: number, dimensions: number, centres: Float64Array): Shape {
  const cell = 1 / Math.max(1, valueCount(parameter) - 1);
  const width = Math.max(0.02, 0.5 * cell, 0.25 * Math.max(1, examples) ** (-1 / (dimensions + 4)));
  const norms = centres.map((centre) => -Math.log(width * massInside(centre, width)));
  return {
    draw: (centre, random) => {
      const from = toUnit(parameter, centre);
      for (let attempt = 0; attempt < 10; attempt++) {
        const position = from + width * random.normal();
        if (position >= 0 && position <= 1) return fromUnit(parameter, position);
      }
      return centre;
    },
    logDensity: (example, centre, position) => (norms[example] ?? 0) - 0.5 * ((position - centre) / width) ** 2,
  };
}

/** √(2π) × the share of a normal around `centre` that lies in [0, 1], by a logistic stand-in for Φ (error < 0.01). */
function massInside(centre: number, width: number): number {
  const below = (x: number) => 1 / (1 + Math.exp(-1.702 * x));
  return Math.sqrt(2 * Math.PI) * (below((1 - centre) / width) - below(-centre / width));
}

function logSumExp(logs: Float64Array): number {
  const highest = logs.reduce((a, b) => Math.max(a, b), 0);
  let sum = 0;
  for (const each of logs) sum += Math.exp(each - highest);
  return highest + Math.log(sum);
}
