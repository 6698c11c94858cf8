import type { Hyperparameters } from '../study/hyperparameter.ts';
import { bestOf } from './best-of.ts';
import { fadingPrior, type LogPrior } from './fading-prior.ts';
import { fitPosterior, type Posterior } from './gp/posterior.ts';
import { maximizeOver } from './maximize.ts';
import type { SamplerRequest } from './sampler.ts';
import { spaceFillingScore } from './space-filling.ts';
import type { TriedSet } from './tried.ts';

/** Trials with a value before a model is asked; with fewer it would only repeat its priors. */
export const MODEL_AFTER = 2;

export interface ModelRequest extends Pick<SamplerRequest, 'space' | 'observations' | 'pending' | 'noise' | 'random'> {
  readonly tried: TriedSet;
  /** What is believed before any data. */
  readonly logPrior: LogPrior;
  /** A configuration whose neighbourhood is searched beside those of the best trials. */
  readonly alsoAround?: Hyperparameters;
  /** How much more than others a parameter is expected to matter; 1 for all when left out. */
  readonly sensitivity?: (name: string) => number;
}

export interface ModelChoice {
  readonly hyperparameters: Hyperparameters;
  /** What it is the highest of. */
  readonly score: (values: Hyperparameters) => number;
  /** What the trials say; undefined while there were too few values for a model. */
  readonly posterior?: Posterior;
}

/**
 * The untried configuration that is worth most: while there are fewer than {@link MODEL_AFTER} values a point away from
 * those tried, then the highest expected improvement of a Gaussian process, each weighted by the prior. Undefined when
 * nothing new was found.
 */
export function chooseByModel(request: ModelRequest): ModelChoice | undefined {
  const { space, observations, random, tried, alsoAround } = request;
  const posterior = posteriorOf(request);
  const score = posterior === undefined ? distanceScore(request) : improvementScore(request, posterior);
  const around = [...(alsoAround === undefined ? [] : [alsoAround]), ...bestOf(observations, 3)];
  const hyperparameters = maximizeOver({ space, random, tried, score, around });
  return hyperparameters === undefined ? undefined : { hyperparameters, score, ...(posterior && { posterior }) };
}

function posteriorOf(request: ModelRequest): Posterior | undefined {
  const values = request.observations.filter(({ loss }) => loss !== null).length;
  return values < MODEL_AFTER ? undefined : fitPosterior(request);
}

function distanceScore({ space, observations, pending, logPrior }: ModelRequest): LogPrior {
  const distance = spaceFillingScore(space, [...observations.map((each) => each.hyperparameters), ...pending]);
  return (values) => distance(values) + logPrior(values);
}

function improvementScore({ observations, logPrior }: ModelRequest, { logImprovement }: Posterior): LogPrior {
  const prior = fadingPrior(logPrior, observations);
  return (values) => logImprovement(values) + prior(values);
}
