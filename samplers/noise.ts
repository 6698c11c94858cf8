import { pooledDeviation } from '../study/pooled-deviation.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { fitPosterior } from './gp/posterior.ts';
import type { Observation } from './sampler.ts';

/** How much the loss of one configuration differs from one training of it to the next. */
export interface NoiseEstimate {
  /** Standard deviation, in the metric’s own unit; at least 0. */
  readonly deviation: number;
  /** `repeats`: configurations that were trained more than once; `model`: what a model of all trials leaves unexplained. */
  readonly from: 'repeats' | 'model';
  /** The values it was computed from: those of repeated configurations, or all. */
  readonly values: number;
}

/** Trials with a value before what a model leaves unexplained says more about noise than about the model. */
const MODEL_AFTER = 10;

/**
 * The noise of a study: pooled over all configurations that have several values, if there are any; else what a Gaussian
 * process infers from how much near neighbours differ (an upper bound in spirit: what is rugged looks noisy too).
 * Undefined when there are neither repeats nor ten values.
 */
export function estimateNoise(space: SearchSpace, observations: readonly Observation[]): NoiseEstimate | undefined {
  return noiseOfRepeats(space, observations) ?? noiseOfModel(space, observations);
}

function noiseOfRepeats(space: SearchSpace, observations: readonly Observation[]): NoiseEstimate | undefined {
  const trainings = observations.flatMap(({ hyperparameters, loss }) =>
    loss === null ? [] : [{ hyperparameters, value: loss }],
  );
  const pooled = pooledDeviation(space, trainings);
  return pooled && { deviation: pooled.deviation, from: 'repeats', values: pooled.values };
}

function noiseOfModel(space: SearchSpace, observations: readonly Observation[]): NoiseEstimate | undefined {
  const values = observations.filter(({ loss }) => loss !== null).length;
  const posterior = values < MODEL_AFTER ? undefined : fitPosterior({ space, observations });
  return posterior === undefined ? undefined : { deviation: posterior.noise, from: 'model', values };
}
