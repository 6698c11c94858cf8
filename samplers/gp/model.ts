import type { Encoding } from './encode.ts';
import { type Data, factorise, fitKernel, type KernelParameters } from './fit.ts';
import { dot, solveLower, solveLowerTransposed } from './linear-algebra.ts';
import { matern52 } from './matern.ts';

/** A normal distribution over the value at one point. */
export interface Prediction {
  readonly mean: number;
  /** Standard deviation of the noise-free value; greater than 0. */
  readonly deviation: number;
}

export interface GaussianProcess {
  readonly parameters: KernelParameters;
  predict(point: Float64Array): Prediction;
  /** The same process, its kernel unchanged, after also seeing `value` at `point`. */
  with(point: Float64Array, value: number): GaussianProcess;
}

/**
 * Fits an ARD Matérn-5/2 process with prior mean 0 to `values` (about standardised) at `points`. `noise` is the standard
 * deviation of the values’ noise where it was measured.
 */
export function fitGaussianProcess(
  encoding: Encoding,
  points: readonly Float64Array[],
  values: readonly number[],
  noise?: number,
): GaussianProcess {
  return condition(encoding, points, values, fitKernel(toData(encoding, points, values), noise));
}

function condition(
  encoding: Encoding,
  points: readonly Float64Array[],
  values: readonly number[],
  parameters: KernelParameters,
): GaussianProcess {
  const data = toData(encoding, points, values);
  const lower = factorise(data, parameters);
  const { size } = data;
  const alpha = solveLowerTransposed(lower, size, solveLower(lower, size, data.values));
  const weights = parameters.logLengths.map((each) => Math.exp(-2 * each));
  const signal = Math.exp(parameters.logSignal);
  const covariance = new Float64Array(size);
  return {
    parameters,
    predict: (point) => {
      points.forEach((other, index) => {
        covariance[index] = signal * matern52(squaredDistance(encoding, weights, point, other)).value;
      });
      const explained = solveLower(lower, size, covariance);
      const variance = Math.max(1e-9, signal - dot(explained, explained));
      return { mean: dot(covariance, alpha), deviation: Math.sqrt(variance) };
    },
    with: (point, value) => condition(encoding, [...points, point], [...values, value], parameters),
  };
}

function squaredDistance(
  { squaredDifference }: Encoding,
  weights: readonly number[],
  a: Float64Array,
  b: Float64Array,
): number {
  let sum = 0;
  for (let d = 0; d < weights.length; d++) sum += (weights[d] ?? 0) * squaredDifference(d, a[d] ?? 0, b[d] ?? 0);
  return sum;
}

function toData(encoding: Encoding, points: readonly Float64Array[], values: readonly number[]): Data {
  const size = points.length;
  const { dimensions, squaredDifference } = encoding;
  const squaredDifferences = Array.from({ length: dimensions }, (_, d) => {
    const pairs = new Float64Array((size * (size - 1)) / 2);
    let pair = 0;
    for (let row = 0; row < size; row++)
      for (let column = 0; column < row; column++, pair++)
        pairs[pair] = squaredDifference(d, points[row]?.[d] ?? 0, points[column]?.[d] ?? 0);
    return pairs;
  });
  return { size, dimensions, squaredDifferences, values: Float64Array.from(values) };
}
