import type { Hyperparameters } from '../study/hyperparameter.ts';
import { isModelable } from './choose-by-model.ts';
import { createEncoding } from './gp/encode.ts';
import { probabilityOfImprovement } from './gp/expected-improvement.ts';
import { fitPosterior, type Posterior } from './gp/posterior.ts';
import type { SamplerRequest, Suggestion } from './sampler.ts';

/** What a model expects of a configuration, as losses: lower is better, whatever the task’s direction. */
export interface PredictedOutcome {
  readonly loss: number;
  /** One standard deviation of the model’s own scale to either side; it is surer than it should be, see `OVERCONFIDENCE` of the advisor. */
  readonly low: number;
  readonly high: number;
  /** The chance, in [0, 1], that it is truly better than the best trial is believed to be. */
  readonly improvementChance: number;
  /** How far the nearest trial lies: 0 for the same configuration, 1 for one that differs in everything by its whole range. */
  readonly distance: number;
}

/** What predictions are made from. */
export type PredictionRequest = Pick<SamplerRequest, 'space' | 'observations' | 'pending' | 'noise'>;

/**
 * What a Gaussian process over the observations expects of each of `configurations` (valid; tried or not). Undefined
 * before the second trial, and while none has a value.
 */
export function predictOutcomes(
  request: PredictionRequest,
  configurations: readonly Hyperparameters[],
): PredictedOutcome[] | undefined {
  const model = createOutcomeModel(request);
  return model === undefined ? undefined : configurations.map(model.predict);
}

/** A fitted Gaussian process with what a person asks of it. */
export interface OutcomeModel {
  readonly posterior: Posterior;
  /** The trial that is believed best. */
  readonly incumbent: Hyperparameters | undefined;
  predict(values: Hyperparameters): PredictedOutcome;
  /** The distance of two configurations, in [0, 1]: the root mean square over the parameters. */
  apart(a: Hyperparameters, b: Hyperparameters): number;
}

/** Fits the model that predictions and candidates are read from; undefined as for {@link predictOutcomes}. */
export function createOutcomeModel(request: PredictionRequest): OutcomeModel | undefined {
  const { space, observations } = request;
  if (!isModelable(observations)) return undefined;
  const posterior = fitPosterior(request);
  if (posterior === undefined) return undefined;
  const { dimensions, encode, squaredDifference } = createEncoding(space);
  const apart = (a: Hyperparameters, b: Hyperparameters): number => {
    const [left, right] = [encode(a), encode(b)];
    const sum = left.reduce((total, each, d) => total + squaredDifference(d, each, right[d] ?? 0), 0);
    return Math.sqrt(sum / dimensions);
  };
  return {
    posterior,
    incumbent: observations[posterior.incumbent]?.hyperparameters,
    apart,
    predict: (values) => ({
      ...predictLoss(posterior, values),
      improvementChance: improvementChance(posterior, values),
      distance: Math.min(1, ...observations.map(({ hyperparameters }) => apart(hyperparameters, values))),
    }),
  };
}

/** What a posterior expects of one configuration, as losses. */
export function predictLoss(
  { predict, toLoss }: Posterior,
  values: Hyperparameters,
): NonNullable<Suggestion['predicted']> {
  const { mean, deviation } = predict(values);
  return { loss: toLoss(mean), low: toLoss(mean - deviation), high: toLoss(mean + deviation) };
}

/** The chance, in [0, 1], that a configuration is truly better than the best trial is believed to be. */
export function improvementChance({ predict, best }: Posterior, values: Hyperparameters): number {
  const { mean, deviation } = predict(values);
  return probabilityOfImprovement(mean, deviation, best);
}
