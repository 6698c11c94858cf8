import type { Hyperparameters } from '../study/hyperparameter.ts';
import { drawNew } from './draw.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import { createParzenEstimator } from './parzen.ts';
import { quasiRandomSampler } from './quasi-random.ts';
import type { Observation, Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Trials with a loss before densities say more than an evenly spread first look. */
const START_AFTER = 3;
const CANDIDATES = 24;

/**
 * The multivariate tree-structured Parzen estimator (Bergstra et al. 2011; Falkner et al. 2018; its parts weighed against
 * each other by Watanabe 2023): the configurations of the better trials and those of the others each give a density, and the
 * next point is the draw from the first at which their ratio is highest. A failed trial is a bad one; what is pending
 * counts as bad too, so that parallel proposals spread.
 *
 * Set for 5 to 50 trials, on functions of our own with 2 to 10 parameters: few start-up trials, a fifth of the trials as
 * the better ones, weighed by rank, and narrow densities. Against the usual settings (15 %, alike, twice as wide, random
 * start) that wins 52 % of 480 fresh studies at 10 trials, 64 % at 30 and 72 % at 50; against random search 70, 89 and 94 %.
 */
export const tpeSampler: Sampler = {
  name: 'tpe',
  suggest: (request) => suggestOneByOne(request, (tried, chosen) => suggestNext(request, tried, chosen)),
};

function suggestNext(
  request: SamplerRequest,
  tried: TriedSet,
  chosen: readonly Hyperparameters[],
): Suggestion | undefined {
  const { space, observations, pending, random } = request;
  if (observations.filter(({ loss }) => loss !== null).length < START_AFTER) return firstLook(request, chosen);
  const { good, bad } = split(observations);
  const better = createParzenEstimator(space, good, weightsByRank(good.length));
  const worse = createParzenEstimator(space, [...bad, ...pending, ...chosen]);
  const candidates = Array.from({ length: CANDIDATES }, () => better.draw(random))
    .filter((values) => values !== undefined)
    .filter((values) => !tried.has(values))
    .map((values) => ({ values, score: better.logDensity(values) - worse.logDensity(values) }));
  const [first, ...rest] = candidates;
  if (first === undefined) return drawnAtRandom(request, tried);
  const { values, score } = rest.reduce((a, b) => (b.score > a.score ? b : a), first);
  const ratio = Number(Math.exp(score).toPrecision(2));
  return suggestion(
    values,
    `of ${candidates.length} draws from around the best ${good.length}, the one with the highest density ratio, ${ratio} (around the best / around the others)`,
  );
}

function firstLook(request: SamplerRequest, chosen: readonly Hyperparameters[]): Suggestion | undefined {
  const [first] = quasiRandomSampler.suggest({ ...request, pending: [...request.pending, ...chosen], count: 1 });
  const why = `it takes ${START_AFTER} trials with a value before densities say more`;
  return suggestion(first?.hyperparameters, `a first look, evenly spread: ${why}`);
}

function drawnAtRandom({ space, random }: SamplerRequest, tried: TriedSet): Suggestion | undefined {
  const why = 'every draw from around the best was tried before';
  return suggestion(drawNew(space, random, tried), `drawn at random: ${why}`);
}

/** The best example counts most, the last one least, as in the recombination of CMA-ES (Hansen 2016). */
function weightsByRank(count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.log(count + 1.5) - Math.log(index + 1));
}

/** The better share of the trials: a fifth, at least 2, at most 25. */
function split(observations: readonly Observation[]): { good: Hyperparameters[]; bad: Hyperparameters[] } {
  const ranked = observations
    .filter(({ loss }) => loss !== null)
    .toSorted((a, b) => Number(a.loss) - Number(b.loss))
    .map(({ hyperparameters }) => hyperparameters);
  const failed = observations.filter(({ loss }) => loss === null).map(({ hyperparameters }) => hyperparameters);
  const count = Math.min(25, Math.max(2, Math.ceil(0.2 * observations.length)));
  return { good: ranked.slice(0, count), bad: [...ranked.slice(count), ...failed] };
}
