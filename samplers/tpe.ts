import type { Hyperparameters } from '../study/hyperparameter.ts';
import { drawNew } from './draw.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import { createParzenEstimator } from './parzen.ts';
import type { Observation, Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Trials with a loss before densities say more than uniform draws. */
const START_AFTER = 4;
const CANDIDATES = 64;

/**
 * The multivariate tree-structured Parzen estimator (Bergstra et al. 2011; Falkner et al. 2018): the configurations of
 * the better trials and those of the others each give a density, and the next point is the draw from the first at which their ratio
 * is highest. A failed trial is a bad one; what is pending counts as bad too, so that parallel proposals spread.
 */
export const tpeSampler: Sampler = {
  name: 'tpe',
  suggest: (request) => suggestOneByOne(request, (tried, chosen) => suggestNext(request, tried, chosen)),
};

function suggestNext(
  { space, observations, pending, random }: SamplerRequest,
  tried: TriedSet,
  chosen: readonly Hyperparameters[],
): Suggestion | undefined {
  const { good, bad } = split(observations);
  const atRandom = (why: string) => suggestion(drawNew(space, random, tried), `drawn at random: ${why}`);
  if (observations.filter(({ loss }) => loss !== null).length < START_AFTER)
    return atRandom(`it takes ${START_AFTER} trials with a value before densities say more`);
  const better = createParzenEstimator(space, good);
  const worse = createParzenEstimator(space, [...bad, ...pending, ...chosen]);
  const candidates = Array.from({ length: CANDIDATES }, () => better.draw(random))
    .filter((values) => values !== undefined)
    .filter((values) => !tried.has(values))
    .map((values) => ({ values, score: better.logDensity(values) - worse.logDensity(values) }));
  const [first, ...rest] = candidates;
  if (first === undefined) return atRandom('every draw from around the best was tried before');
  const { values, score } = rest.reduce((a, b) => (b.score > a.score ? b : a), first);
  const ratio = Number(Math.exp(score).toPrecision(2));
  return suggestion(
    values,
    `of ${candidates.length} draws from around the best ${good.length}, the one with the highest density ratio, ${ratio} (around the best / around the others)`,
  );
}

/** The better share of the trials: 15 % (Falkner et al. 2018), at least 2 so that a density has a width, at most 25. */
function split(observations: readonly Observation[]): { good: Hyperparameters[]; bad: Hyperparameters[] } {
  const ranked = observations
    .filter(({ loss }) => loss !== null)
    .toSorted((a, b) => Number(a.loss) - Number(b.loss))
    .map(({ hyperparameters }) => hyperparameters);
  const failed = observations.filter(({ loss }) => loss === null).map(({ hyperparameters }) => hyperparameters);
  const count = Math.min(25, Math.max(2, Math.ceil(0.15 * observations.length)));
  return { good: ranked.slice(0, count), bad: [...ranked.slice(count), ...failed] };
}
