import { type Hyperparameter, type Hyperparameters, isNumeric, toUnit } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Observation } from './sampler.ts';

/** How promising a configuration is before any data, as a logarithm: 0 at best, lower elsewhere, bounded below. */
export type LogPrior = (values: Hyperparameters) => number;

/**
 * A prior as it enters a logarithmic acquisition after the observations: divided by their number, so that it leads the
 * first trials and is noise after a few dozen (πBO: Hvarfner et al. 2022), and multiplied by how far they bear it out.
 */
export function fadingPrior(logPrior: LogPrior, observations: readonly Observation[]): LogPrior {
  const weight = trustIn(logPrior, observations) / Math.max(1, observations.length);
  return (values) => weight * logPrior(values);
}

/** Pairs of trials that are assumed to agree with a prior before there are any. */
const ASSUMED_WEIGHT = 1;

/**
 * How far the trials bear out a prior, in [0, 1]: over all pairs, whether the configuration that it prefers came out
 * better, each pair weighted by how clearly it prefers it. One that fails on this task loses its say much faster than
 * by fading alone.
 */
function trustIn(logPrior: LogPrior, observations: readonly Observation[]): number {
  const seen = observations.map(({ hyperparameters, loss }) => ({
    weight: logPrior(hyperparameters),
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

/** The distance from the middle of a range, as a share of it, at which its caution is one standard deviation’s. */
const EDGE_WIDTH = 0.3;

/**
 * The prior of someone who knows only the ranges: whoever wrote them seldom put the best value at their very ends. It
 * also keeps the first trials of a model, which is least sure at the ends, out of the corners.
 */
export function edgeCaution(space: SearchSpace): LogPrior {
  return (values) =>
    space.active(values).reduce((sum, parameter) => sum + edgeCautionOf(parameter, values[parameter.name]), 0);
}

/** The share of one parameter in {@link edgeCaution}; 0 for one without an order. */
export function edgeCautionOf(parameter: Hyperparameter, value: Hyperparameters[string] | undefined): number {
  if (value === undefined || !hasOrder(parameter)) return 0;
  return -0.5 * ((toUnit(parameter, value) - 0.5) / EDGE_WIDTH) ** 2;
}

/** Whether neighbouring values of a parameter are alike. */
export function hasOrder(parameter: Hyperparameter): boolean {
  return isNumeric(parameter) || parameter.type === 'ordinal';
}
