import type { Hyperparameters } from '../study/hyperparameter.ts';
import { chooseByModel, MODEL_AFTER } from './choose-by-model.ts';
import { suggestOneByOne } from './one-by-one.ts';
import { predictLoss } from './predict-outcomes.ts';
import type { Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/**
 * Bayesian optimisation: an ARD Matérn-5/2 Gaussian process over warped losses, hyperparameters at their most probable
 * values under priors, and the logarithm of the expected improvement (Ament et al. 2023) searched by draws and hill
 * climbing. Pending trials and the earlier points of the same request count as if they had come out as predicted.
 */
export const gaussianProcessSampler: Sampler = {
  name: 'gp',
  suggest: (request) => suggestOneByOne(request, (tried, chosen) => suggestNext(request, tried, chosen)),
};

function suggestNext(
  { space, observations, pending, noise, random }: SamplerRequest,
  tried: TriedSet,
  chosen: readonly Hyperparameters[],
): Suggestion | undefined {
  const choice = chooseByModel({
    space,
    observations,
    pending: [...pending, ...chosen],
    noise,
    random,
    tried,
  });
  if (choice === undefined) return undefined;
  const { hyperparameters, posterior } = choice;
  if (posterior === undefined)
    return {
      hyperparameters,
      how: `a point away from those tried: it takes ${MODEL_AFTER} trials, one of them with a value, before a model says more`,
    };
  const count = observations.filter(({ loss }) => loss !== null).length;
  const how = `searched for the highest expected improvement of a Gaussian process over ${count} values`;
  return { hyperparameters, how, predicted: predictLoss(posterior, hyperparameters) };
}
