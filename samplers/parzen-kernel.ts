import {
  fromUnit,
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  toUnit,
  valueCount,
} from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import { drawValue } from './draw.ts';

/** One parameter’s part of a Parzen estimator’s components. */
export interface Kernel {
  readonly name: string;
  toPosition(value: HyperparameterValue): number;
  draw(centre: HyperparameterValue, random: Random): HyperparameterValue;
  /** Density relative to the flat one, at a position, of the component that stands at an example. */
  logDensity(example: number, position: number): number;
}

/** The kernel of one of `dimensions` parameters, over the values that the examples have. */
export function createKernel(
  parameter: Hyperparameter,
  examples: readonly Hyperparameters[],
  dimensions: number,
): Kernel {
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
  const spread = Math.min(1, 1.5 / Math.sqrt(examples + 1));
  const same = Math.log((1 - spread) * count + spread);
  const other = Math.log(spread);
  return {
    draw: (centre, random) => (random.uniform() < spread ? drawValue(parameter, random) : centre),
    logDensity: (_, centre, position) => (centre === position ? same : other),
  };
}

/** Of the normals around the first example, and the least, as shares of the range. */
const WIDTH = 0.12;
const NARROWEST = 0.02;

/** A normal cut off at the ends of the range, its width by Scott’s rule (1992); never narrower than a value’s own cell. */
function orderedShape(parameter: Hyperparameter, examples: number, dimensions: number, centres: Float64Array): Shape {
  const cell = 1 / Math.max(1, valueCount(parameter) - 1);
  const width = Math.max(NARROWEST, 0.5 * cell, WIDTH * Math.max(1, examples) ** (-1 / (dimensions + 4)));
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
