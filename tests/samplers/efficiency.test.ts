import { describe, expect, test } from 'vitest';
import { gaussianProcessSampler } from '../../samplers/gaussian-process.ts';
import { randomSampler } from '../../samplers/random.ts';
import type { Observation, Sampler } from '../../samplers/sampler.ts';
import { tpeSampler } from '../../samplers/tpe.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpace } from '../../study/search-space.ts';

const SEEDS = 24;

type Loss = (values: Hyperparameters) => number;

/** A quadratic bowl whose bottom lies elsewhere for every seed. */
const shiftedBowl = { space: box(3), lossFor: bowlFor };

/** The same bowl seen through an exponential: a heavy tail of bad values, as log-losses have. */
const steepBowl = {
  space: box(3),
  lossFor: (seed: number): Loss => {
    const bowl = bowlFor(seed);
    return (values) => Math.exp(8 * bowl(values));
  },
};

/** One word decides most, a number that exists only under some words the rest. */
const conditional = {
  space: parseSearchSpace({
    hyperparameters: {
      kind: { type: 'categorical', choices: ['a', 'b', 'c', 'd'], default: 'a' },
      rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 1e-3 },
      share: { type: 'float', range: [0, 1], default: 0.5, when: { kind: ['a', 'b'] } },
    },
  }),
  lossFor: (seed: number): Loss => {
    const random = createRandom(seed, 'conditional');
    const [best, decade, share] = [random.pick(['a', 'b', 'c', 'd']), -5 * random.uniform(), random.uniform()];
    return (values) =>
      (values['kind'] === best ? 0 : 1) +
      (Math.log10(Number(values['rate'])) - decade) ** 2 +
      (values['share'] === undefined ? 0.3 : 2 * (Number(values['share']) - share) ** 2);
  },
};

describe('on smooth functions, over many seeds', () => {
  // Measured over 150 seeds: GP wins 94–99 %, TPE 87–95 %. The bounds lie about four standard errors of 24 seeds below.
  for (const [name, problem] of Object.entries({ shiftedBowl, steepBowl, conditional })) {
    test(`the Gaussian process beats random search: ${name}`, () => {
      expect(winsOver(randomSampler, gaussianProcessSampler, problem, 20)).toBeGreaterThanOrEqual(0.75 * SEEDS);
    });
    test(`TPE beats random search: ${name}`, () => {
      expect(winsOver(randomSampler, tpeSampler, problem, 30)).toBeGreaterThanOrEqual(0.6 * SEEDS);
    });
  }
});

function winsOver(
  baseline: Sampler,
  sampler: Sampler,
  problem: { space: SearchSpace; lossFor: (seed: number) => Loss },
  trials: number,
): number {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
  return seeds.filter((seed) => {
    const loss = problem.lossFor(seed);
    return best(sampler, problem.space, loss, seed, trials) < best(baseline, problem.space, loss, seed, trials);
  }).length;
}

function best(sampler: Sampler, space: SearchSpace, loss: Loss, seed: number, trials: number): number {
  const observations: Observation[] = [];
  for (let trial = 1; trial <= trials; trial++) {
    const random = createRandom(seed, sampler.name, trial);
    for (const { hyperparameters } of sampler.suggest({ space, observations, pending: [], count: 1, seed, random }))
      observations.push({ hyperparameters, loss: loss(hyperparameters) });
  }
  return Math.min(...observations.map((each) => each.loss ?? Number.POSITIVE_INFINITY));
}

function bowlFor(seed: number): Loss {
  const random = createRandom(seed, 'bowl');
  const bottom = [random.uniform(), random.uniform(), random.uniform()];
  return (values) =>
    Object.values(values).reduce<number>((sum, value, d) => sum + (Number(value) - (bottom[d] ?? 0)) ** 2, 0);
}

function box(dimensions: number): SearchSpace {
  const names = Array.from({ length: dimensions }, (_, d) => `x${d}`);
  return parseSearchSpace({
    hyperparameters: Object.fromEntries(names.map((name) => [name, { type: 'float', range: [0, 1], default: 0.5 }])),
  });
}
