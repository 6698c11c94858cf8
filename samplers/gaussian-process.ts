import type { Hyperparameters } from '../study/hyperparameter.ts';
import { bestOf } from './candidates.ts';
import { drawNew } from './draw.ts';
import { fitPosterior } from './gp/posterior.ts';
import { maximizeOver } from './maximize.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import { predictLoss } from './predict-outcomes.ts';
import type { Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Trials with a loss before the model is asked; with fewer it would only repeat its priors. */
const START_AFTER = 3;

/**
 * Bayesian optimisation: an ARD Matérn-5/2 Gaussian process over warped losses, hyperparameters at their most
 * probable values under priors, and the logarithm of the expected improvement (Ament et al. 2023) searched by draws and hill
 * climbing. Pending trials and the earlier points of the same request count as if they had come out as predicted.
 */
export const gaussianProcessSampler: Sampler = {
  name: 'gp',
  suggest: (request) => suggestOneByOne(request, (tried, chosen) => suggestNext(request, tried, chosen)),
};

function suggestNext(
  { space, observations, pending, random }: SamplerRequest,
  tried: TriedSet,
  chosen: readonly Hyperparameters[],
): Suggestion | undefined {
  const withLoss = observations.filter(({ loss }) => loss !== null);
  const atRandom = (why: string) => suggestion(drawNew(space, random, tried), `drawn at random: ${why}`);
  if (withLoss.length < START_AFTER)
    return atRandom(`it takes ${START_AFTER} trials with a value before a model says more`);
  const posterior = fitPosterior(space, observations, [...pending, ...chosen]);
  if (posterior === undefined) return atRandom('there is no model');
  const values = maximizeOver({ space, random, tried, score: posterior.logImprovement, around: bestOf(withLoss, 3) });
  if (values === undefined) return undefined;
  const how = `searched for the highest expected improvement of a Gaussian process over ${withLoss.length} values`;
  return { hyperparameters: values, how, predicted: predictLoss(posterior, values) };
}
