import {
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  isNumeric,
  toUnit,
} from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Observation } from './sampler.ts';

/** How promising a configuration is before any data, as a logarithm: 0 at best, lower elsewhere, bounded below. */
export type LogPrior = (values: Hyperparameters) => number;

/**
 * A prior as it enters a logarithmic acquisition after the observations: divided by their number, so that it leads the
 * first trials and is noise after a few dozen (πBO: Hvarfner et al. 2022), and multiplied by `trust` in it.
 */
export function fadingPrior(logPrior: LogPrior, observations: readonly Observation[], trust: number): LogPrior {
  const weight = trust / Math.max(1, observations.length);
  return (values) => weight * logPrior(values);
}

/**
 * How much say general knowledge keeps, in [0, 1]: all of it before any trials, none once it has been right no more
 * often than a coin. What fails on this task thereby loses its say much faster than by fading alone.
 */
export function trustIn(logPrior: LogPrior, observations: readonly Observation[]): number {
  return Math.max(0, 2 * agreementWith(logPrior, observations) - 1);
}

/** Pairs of trials that are assumed to agree with a prior before there are any. */
const ASSUMED_WEIGHT = 1;

/**
 * How often the trials bear out a prior, in [0, 1]: the share of pairs in which the configuration that it prefers came
 * out better, each pair weighted by how clearly it prefers it. A trial without a value is worse than any with one.
 */
function agreementWith(logPrior: LogPrior, observations: readonly Observation[]): number {
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

/**
 * {@link edgeCaution} after the observations. It keeps a share even where trials speak against it, because the expected
 * improvement is biased the other way: towards the ends, where a model is least sure.
 */
export function fadingCaution(space: SearchSpace, observations: readonly Observation[]): LogPrior {
  const caution = edgeCaution(space);
  return fadingPrior(caution, observations, agreementWith(caution, observations));
}

function edgeCautionOf(parameter: Hyperparameter, value: HyperparameterValue | undefined): number {
  if (value === undefined || !hasOrder(parameter)) return 0;
  return -0.5 * ((toUnit(parameter, value) - 0.5) / EDGE_WIDTH) ** 2;
}

/** Whether neighbouring values of a parameter are alike. */
export function hasOrder(parameter: Hyperparameter): boolean {
  return isNumeric(parameter) || parameter.type === 'ordinal';
}
