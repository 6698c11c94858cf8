import type { Hyperparameters } from '../study/hyperparameter.ts';
import { bestOf } from './best-of.ts';
import { edgeCaution, fadingCaution, fadingPrior, type LogPrior, trustIn } from './fading-prior.ts';
import { fitPosterior, type Posterior } from './gp/posterior.ts';
import { maximizeOver } from './maximize.ts';
import type { Observation, SamplerRequest } from './sampler.ts';
import { spaceFillingScore } from './space-filling.ts';
import type { TriedSet } from './tried.ts';

/** Trials before a model is asked, at least one of them with a value; one alone would only repeat its priors. */
export const MODEL_AFTER = 2;

/** Whether there is enough to fit a model to. */
export function isModelable(observations: readonly Observation[]): boolean {
  return observations.length >= MODEL_AFTER && observations.some(({ loss }) => loss !== null);
}

export interface ModelRequest extends Pick<SamplerRequest, 'space' | 'observations' | 'pending' | 'noise' | 'random'> {
  readonly tried: TriedSet;
  /** What is believed before any data, if anything. */
  readonly knowledge?: LogPrior;
  /** A configuration whose neighbourhood is searched beside those of the best trials. */
  readonly alsoAround?: Hyperparameters;
}

export interface ModelChoice {
  readonly hyperparameters: Hyperparameters;
  /** What it is the highest of. */
  readonly score: (values: Hyperparameters) => number;
  /** What the trials say; undefined while there were too few values for a model. */
  readonly posterior?: Posterior;
}

/**
 * The untried configuration that is worth most: at first a point away from those tried, from the second trial on the
 * highest expected improvement of a Gaussian process; both with caution at the ends of ranges and weighted by what is
 * known beforehand, as far as the trials bear it out. Undefined when nothing new was found.
 */
export function chooseByModel(request: ModelRequest): ModelChoice | undefined {
  const { space, observations, random, tried, alsoAround } = request;
  const posterior = isModelable(observations) ? fitPosterior(request) : undefined;
  const score = posterior === undefined ? distanceScore(request) : improvementScore(request, posterior);
  const around = [...(alsoAround === undefined ? [] : [alsoAround]), ...bestOf(observations, 3)];
  const hyperparameters = maximizeOver({ space, random, tried, score, around });
  return hyperparameters === undefined ? undefined : { hyperparameters, score, ...(posterior && { posterior }) };
}

function distanceScore({ space, observations, pending, knowledge = nothing }: ModelRequest): LogPrior {
  const distance = spaceFillingScore(space, [...observations.map((each) => each.hyperparameters), ...pending]);
  const caution = edgeCaution(space);
  const trust = trustIn(knowledge, observations);
  return (values) => distance(values) + caution(values) + trust * knowledge(values);
}

function improvementScore(
  { space, observations, knowledge = nothing }: ModelRequest,
  { logImprovement }: Posterior,
): LogPrior {
  const caution = fadingCaution(space, observations);
  const prior = fadingPrior(knowledge, observations, trustIn(knowledge, observations));
  return (values) => logImprovement(values) + caution(values) + prior(values);
}

const nothing: LogPrior = () => 0;
