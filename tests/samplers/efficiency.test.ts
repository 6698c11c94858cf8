import { describe, expect, test } from 'vitest';
import { quasiRandomSampler } from '../../samplers/quasi-random.ts';
import { randomSampler } from '../../samplers/random.ts';
import { SAMPLER_NAMES, SAMPLERS, type SamplerName } from '../../samplers/registry.ts';
import type { Observation, Sampler } from '../../samplers/sampler.ts';
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

/** These look at no losses; whoever does is held to beating random search. */
const WITHOUT_A_MODEL: readonly SamplerName[] = ['random', 'quasi-random', 'grid'];

describe('on smooth functions, over many seeds', () => {
  // Measured over 150 seeds: GP wins 94–99 % at 20 trials, TPE 87–99 % at 30; the bound lies three standard errors below.
  for (const name of SAMPLER_NAMES.filter((each) => !WITHOUT_A_MODEL.includes(each)))
    for (const [title, problem] of Object.entries({ shiftedBowl, steepBowl, conditional }))
      test(`${name} beats random search: ${title}`, async () => {
        // A proposal of the GP takes a hundred times as long.
        const [trials, seeds] = name === 'gp' ? [20, SEEDS / 2] : [30, SEEDS];
        const wins = winsOver(randomSampler, await SAMPLERS[name](), problem, trials, seeds);
        expect(wins).toBeGreaterThanOrEqual(0.65 * seeds);
      });
});

test('quasi-random search leaves smaller holes than random search', () => {
  const wins = Array.from({ length: SEEDS }, (_, seed) => {
    const [even, random] = [quasiRandomSampler, randomSampler].map((sampler) => largestHole(sampler, seed));
    return Number(even) < Number(random);
  }).filter(Boolean).length;
  // Measured over 400 seeds: 92 %.
  expect(wins).toBeGreaterThanOrEqual(0.7 * SEEDS);
});

/** The largest distance from a point of the unit square (of 900) to the nearest of 16 suggestions. */
function largestHole(sampler: Sampler, seed: number): number {
  const request = { space: box(2), observations: [], pending: [], count: 16, seed, random: createRandom(seed) };
  const points = sampler.suggest(request).map(({ hyperparameters: { x0, x1 } }) => [Number(x0), Number(x1)] as const);
  const places = Array.from({ length: 900 }, (_, index) => [(index % 30) / 29, Math.floor(index / 30) / 29] as const);
  return Math.max(...places.map(([x, y]) => Math.min(...points.map(([a, b]) => Math.hypot(a - x, b - y)))));
}

function winsOver(
  baseline: Sampler,
  sampler: Sampler,
  problem: { space: SearchSpace; lossFor: (seed: number) => Loss },
  trials: number,
  seeds: number,
): number {
  return Array.from({ length: seeds }, (_, seed) => seed).filter((seed) => {
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
