import { choleskyInPlace, dot, inverseFromCholesky, solveLower, solveLowerTransposed } from './linear-algebra.ts';
import { matern52 } from './matern.ts';

/** What is learned: a length scale for each dimension, and the variances of signal and noise; all as logarithms. */
export interface KernelParameters {
  readonly logLengths: readonly number[];
  readonly logSignal: number;
  readonly logNoise: number;
}

/** Data as the fit sees it: squared differences by dimension and pair, and values with mean about 0, variance about 1. */
export interface Data {
  readonly size: number;
  readonly dimensions: number;
  /** [dimension][row·(row−1)/2 + column] for column < row. */
  readonly squaredDifferences: readonly Float64Array[];
  readonly values: Float64Array;
}

interface Prior {
  readonly mean: number;
  readonly deviation: number;
}

/** Numbers that keep the factorisation sound whatever the data. */
const LOWEST = -14;
const HIGHEST = 4;

/**
 * Normal priors on the logarithms. Length scales grow with √dimensions (Hvarfner et al. 2024, "Vanilla Bayesian
 * optimization performs great in high dimensions"), so that with few trials everything matters a little. Noise is small, because
 * training with one seed nearly repeats itself, but anything from none to most of the variance is in reach: a floor under it
 * keeps a model from closing in on the optimum of a smooth function.
 */
function priorsFor(
  dimensions: number,
  measuredNoise: number | undefined,
): { length: Prior; signal: Prior; noise: Prior } {
  return {
    length: { mean: Math.log(0.5) + 0.5 * Math.log(dimensions), deviation: 0.8 },
    signal: { mean: 0, deviation: 0.5 },
    noise:
      measuredNoise === undefined
        ? { mean: -6, deviation: 2.5 }
        : { mean: 2 * Math.log(Math.max(measuredNoise, 1e-3)), deviation: 0.5 },
  };
}

/**
 * The most probable kernel parameters under the priors, by ascent from a few starts; `measuredNoise` is a standard
 * deviation, to which the noise is held within a factor of about 1.3. Deterministic.
 */
export function fitKernel(data: Data, measuredNoise?: number): KernelParameters {
  const { length, signal, noise } = priorsFor(data.dimensions, measuredNoise);
  const priors = [...Array.from({ length: data.dimensions }, () => length), signal, noise];
  const centre = priors.map(({ mean }) => mean);
  const rugged = priors.map(({ mean }, index) => (index < data.dimensions ? mean - 1 : mean));
  // One evaluation grows with the cube of the trials; by then the data speak clearly enough for one shorter ascent.
  const isLarge = data.size > 60;
  const starts = isLarge ? [centre] : [centre, rugged];
  const ascents = starts.map((start) => ascend(start, isLarge ? 25 : 40, (at) => logPosterior(data, priors, at)));
  const best = ascents.reduce((a, b) => (b.height > a.height ? b : a)).at;
  return toParameters(best);
}

/** The Cholesky factor of the kernel matrix with noise; jitter grows until it exists. */
export function factorise(data: Data, parameters: KernelParameters): Float64Array {
  for (let jitter = 1e-8; ; jitter *= 10) {
    const { matrix } = kernelMatrix(data, parameters, jitter);
    if (choleskyInPlace(matrix, data.size)) return matrix;
  }
}

function toParameters(at: readonly number[]): KernelParameters {
  const dimensions = at.length - 2;
  return { logLengths: at.slice(0, dimensions), logSignal: at[dimensions] ?? 0, logNoise: at[dimensions + 1] ?? 0 };
}

function kernelMatrix(
  { size, dimensions, squaredDifferences }: Data,
  { logLengths, logSignal, logNoise }: KernelParameters,
  jitter = 1e-8,
): { matrix: Float64Array; slopes: Float64Array } {
  const weights = logLengths.map((each) => Math.exp(-2 * each));
  const signal = Math.exp(logSignal);
  const distances = new Float64Array((size * (size - 1)) / 2);
  for (let d = 0; d < dimensions; d++) addScaled(distances, squaredDifferences[d], weights[d] ?? 0);
  const slopes = distances; // overwritten pair by pair
  const matrix = new Float64Array(size * size);
  let pair = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++, pair++) {
      const { value, slope } = matern52(distances[pair] ?? 0);
      matrix[row * size + column] = signal * value;
      slopes[pair] = signal * slope;
    }
    matrix[row * size + row] = signal + Math.exp(logNoise) + jitter;
  }
  return { matrix, slopes };
}

function addScaled(target: Float64Array, values: Float64Array | undefined, factor: number): void {
  if (values === undefined) return;
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] ?? 0) + factor * (values[index] ?? 0);
}

interface Height {
  readonly height: number;
  readonly gradient: readonly number[];
}

/** log p(values | parameters) + log p(parameters), and its gradient (Rasmussen and Williams 2006, eq. 5.9). */
function logPosterior(data: Data, priors: readonly Prior[], at: readonly number[]): Height | undefined {
  const { size, dimensions, values } = data;
  const parameters = toParameters(at);
  const { matrix, slopes } = kernelMatrix(data, parameters);
  const signalPart = Float64Array.from(matrix);
  if (!choleskyInPlace(matrix, size)) return undefined;
  const alpha = solveLowerTransposed(matrix, size, solveLower(matrix, size, values));
  let height = -0.5 * dot(values, alpha);
  for (let row = 0; row < size; row++) height -= Math.log(matrix[row * size + row] ?? 1);

  const inverse = inverseFromCholesky(matrix, size);
  const pull = new Float64Array(slopes.length); // (ααᵀ − K⁻¹)·slope, pair by pair
  let signalPull = 0;
  let noisePull = 0;
  let pair = 0;
  for (let row = 0; row < size; row++) {
    const own = alpha[row] ?? 0;
    for (let column = 0; column < row; column++, pair++) {
      const difference = own * (alpha[column] ?? 0) - (inverse[row * size + column] ?? 0);
      pull[pair] = difference * (slopes[pair] ?? 0);
      signalPull += difference * (signalPart[row * size + column] ?? 0);
    }
    const onDiagonal = own * own - (inverse[row * size + row] ?? 0);
    signalPull += 0.5 * onDiagonal * Math.exp(parameters.logSignal);
    noisePull += 0.5 * onDiagonal * Math.exp(parameters.logNoise);
  }
  const lengthPulls = Array.from({ length: dimensions }, (_, d) => {
    const differences = data.squaredDifferences[d];
    return differences === undefined ? 0 : dot(pull, differences) * Math.exp(-2 * (at[d] ?? 0));
  });
  const gradient = [...lengthPulls, signalPull, noisePull].map((each, index) => {
    const { mean, deviation } = priors[index] ?? { mean: 0, deviation: 1 };
    const offset = ((at[index] ?? 0) - mean) / deviation;
    height -= 0.5 * offset * offset;
    return each - offset / deviation;
  });
  return { height, gradient };
}

/** Rprop ascent: only the gradient’s signs, a step size for each coordinate (Blum and Riedmiller 2013, for this very use). */
function ascend(
  start: readonly number[],
  iterations: number,
  evaluate: (at: readonly number[]) => Height | undefined,
): { at: readonly number[]; height: number } {
  let at = [...start];
  let best = { at: [...start] as readonly number[], height: Number.NEGATIVE_INFINITY };
  let steps = start.map(() => 0.3);
  let before = start.map(() => 0);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const here = evaluate(at);
    if (here === undefined) break;
    if (here.height > best.height) best = { at: [...at], height: here.height };
    const signs = here.gradient.map((each, index) => (each * (before[index] ?? 0) < 0 ? 0 : Math.sign(each)));
    steps = steps.map((step, index) => {
      const turn = (here.gradient[index] ?? 0) * (before[index] ?? 0);
      return turn > 0 ? Math.min(1, step * 1.2) : turn < 0 ? Math.max(1e-3, step * 0.5) : step;
    });
    before = here.gradient.map((each, index) => (signs[index] === 0 ? 0 : each));
    at = at.map((each, index) => {
      const next = each + (signs[index] ?? 0) * (steps[index] ?? 0);
      return Math.min(HIGHEST, Math.max(LOWEST, next));
    });
  }
  return best;
}
