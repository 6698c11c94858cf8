import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { SearchSpace } from '../../study/search-space.ts';
import type { Observation } from '../sampler.ts';
import { createEncoding } from './encode.ts';
import { logExpectedImprovement } from './expected-improvement.ts';
import { fitGaussianProcess, type GaussianProcess, type Prediction } from './model.ts';
import { fitOutputWarp } from './output-warp.ts';

/** The cube of the trials is what a fit costs; beyond this many, the best half and the latest half of them are kept. */
const MOST_OBSERVATIONS = 120;

/** How much worse than the worst value a failure counts, in standard deviations of the values. */
const FAILURE_PENALTY = 0.5;

/** What a posterior is fitted from. */
export interface PosteriorRequest {
  readonly space: SearchSpace;
  readonly observations: readonly Observation[];
  /** Under way: counted as if they had come out as predicted. */
  readonly pending?: readonly Hyperparameters[];
  /** The standard deviation of the loss between trainings of one configuration, where it was measured; else inferred. */
  readonly noise?: number;
}

/** What a Gaussian process believes after the observations, asked by configuration. */
export interface Posterior {
  /** On the model’s own scale (normal-looking, lower is better). */
  predict(values: Hyperparameters): Prediction;
  /** The expected improvement over the best believed mean among what was observed, as a logarithm. */
  logImprovement(values: Hyperparameters): number;
  /** The lowest believed mean among what was observed, on the model’s own scale. */
  readonly best: number;
  /** The standard deviation of the noise, in losses around the best one. */
  readonly noise: number;
  /** A point of the model’s scale as a loss. */
  toLoss(warped: number): number;
  /** The index of the observation that is believed best. */
  readonly incumbent: number;
  /** The same belief once `values` is under way, its outcome assumed as predicted. */
  withPending(values: Hyperparameters): Posterior;
}

/**
 * Fits a Gaussian process to what was observed; undefined when no observation carries a loss. A trial that failed
 * stands for a loss a little worse than the worst seen, so that its neighbourhood is avoided but not forbidden.
 */
export function fitPosterior(request: PosteriorRequest): Posterior | undefined {
  const { space, observations, pending = [], noise } = request;
  const kept = keep(observations);
  const losses = kept.flatMap(({ loss }) => loss ?? []);
  if (losses.length === 0) return undefined;
  const { warp, unwarp } = fitOutputWarp(losses);
  const worst = losses.reduce((a, b) => Math.max(a, b));
  const lowest = losses.reduce((a, b) => Math.min(a, b));
  const encoding = createEncoding(space);
  const points = kept.map(({ hyperparameters }) => encoding.encode(hyperparameters));
  const fitted = fitGaussianProcess(
    encoding,
    points,
    kept.map(({ loss }) => (loss === null ? warp(worst) + FAILURE_PENALTY : warp(loss))),
    noise === undefined ? undefined : (warp(lowest + noise) - warp(lowest - noise)) / 2,
  );
  const means = kept.map(({ loss }, index) =>
    loss === null ? Number.POSITIVE_INFINITY : fitted.predict(points[index] ?? new Float64Array()).mean,
  );
  const best = means.reduce((a, b) => Math.min(a, b));
  const believedBest = kept[means.indexOf(best)];
  const incumbent = believedBest === undefined ? -1 : observations.indexOf(believedBest);
  const deviation = Math.exp(fitted.parameters.logNoise / 2);
  const noiseOfLoss = (unwarp(best + deviation) - unwarp(best - deviation)) / 2;
  const build = (current: GaussianProcess): Posterior => {
    const predict = (values: Hyperparameters) => current.predict(encoding.encode(values));
    return {
      predict,
      logImprovement: (values) => {
        const { mean, deviation } = predict(values);
        return logExpectedImprovement(mean, deviation, best);
      },
      best,
      noise: noiseOfLoss,
      toLoss: unwarp,
      incumbent,
      withPending: (values) => build(current.with(encoding.encode(values), predict(values).mean)),
    };
  };
  return pending.reduce((posterior, values) => posterior.withPending(values), build(fitted));
}

function keep(observations: readonly Observation[]): readonly Observation[] {
  if (observations.length <= MOST_OBSERVATIONS) return observations;
  const half = MOST_OBSERVATIONS / 2;
  const latest = observations.slice(-half);
  const best = observations
    .slice(0, -half)
    .toSorted((a, b) => (a.loss ?? Number.POSITIVE_INFINITY) - (b.loss ?? Number.POSITIVE_INFINITY));
  return [...best.slice(0, half), ...latest];
}
