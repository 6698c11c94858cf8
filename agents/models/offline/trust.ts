import type { Observation } from '../../../samplers/sampler.ts';
import type { Prior } from './prior.ts';

/** Pairs of trials that are assumed to agree with the rules before there are any. */
const ASSUMED_WEIGHT = 1;

/**
 * How far the trials bear out the general rules, in [0, 1]: over all pairs, whether the configuration that the rules
 * prefer came out better, each pair weighted by how clearly they prefer it. Rules that fail on this task lose their say
 * much faster than by fading alone.
 */
export function trustIn(prior: Prior, observations: readonly Observation[]): number {
  const seen = observations.map(({ hyperparameters, loss }) => ({
    weight: prior.logWeight(hyperparameters),
    loss: loss ?? Number.POSITIVE_INFINITY,
  }));
  let agreed = ASSUMED_WEIGHT;
  let all = ASSUMED_WEIGHT;
  seen.forEach((a, index) => {
    for (const b of seen.slice(0, index)) {
      if (a.loss === b.loss) continue;
      const preference = Math.abs(a.weight - b.weight);
      all += preference;
      if (a.weight > b.weight === a.loss < b.loss) agreed += preference;
    }
  });
  return agreed / all;
}
