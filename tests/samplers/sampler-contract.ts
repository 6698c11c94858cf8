import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation, Sampler } from '../../samplers/sampler.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpace } from '../../study/search-space.ts';
import { arbitraryFiniteSpaceSpec, arbitrarySpaceSpec } from '../study/arbitrary-search-space.ts';

/** What every sampler promises, whatever its method. */
export function describesASampler(sampler: Sampler): void {
  test('every suggestion is a valid configuration that was not tried, is not pending and was not suggested twice', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        const pending = [space.defaults()];
        const tried = sequence(sampler, space, { seed, trials: 8, pending });
        const all = [...pending, ...tried];
        for (const [index, values] of all.entries()) {
          expect(space.violations(values)).toEqual([]);
          expect(all.slice(0, index).some((earlier) => space.isSame(earlier, values))).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the same seed gives the same sequence', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        const once = sequence(sampler, space, { seed, trials: 6 });
        expect(sequence(sampler, space, { seed, trials: 6 })).toEqual(once);
      }),
      { numRuns: 10 },
    );
  });

  test('a finite space is used up to its last point, and then nothing is suggested', () => {
    fc.assert(
      fc.property(arbitraryFiniteSpaceSpec(), fc.nat(1000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        const points = space.enumerate(1000) ?? [];
        fc.pre(points.length <= 60);
        expect(sequence(sampler, space, { seed, trials: points.length + 3 })).toHaveLength(points.length);
      }),
      { numRuns: 15 },
    );
  });

  test('constraints hold in every suggestion', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        width: { type: 'int', range: [1, 64], default: 4 },
        rate: { type: 'float', range: [0.001, 1], scale: 'log', default: 0.01 },
        depth: { type: 'int', range: [1, 8], default: 1 },
      },
      constraints: ['width * depth <= 32', 'rate * width < 1'],
    });
    const tried = sequence(sampler, space, { seed: 3, trials: 20 });
    expect(tried).toHaveLength(20);
    expect(tried.flatMap((values) => space.violations(values))).toEqual([]);
  });

  test('several suggestions of one request differ from each other', () => {
    const space = smoothSpace();
    const observations = sequence(sampler, space, { seed: 1, trials: 6 }).map((hyperparameters) => ({
      hyperparameters,
      loss: bowl(hyperparameters),
    }));
    const several = sampler
      .suggest({ space, observations, pending: [], count: 4, seed: 5, random: createRandom(5) })
      .map(({ hyperparameters }) => hyperparameters);
    expect(several).toHaveLength(4);
    for (const [index, values] of several.entries())
      expect(several.slice(0, index).some((earlier) => space.isSame(earlier, values))).toBe(false);
  });

  test('trials without a value, equal values and enormous ones are survived', () => {
    const space = smoothSpace();
    for (const lossOf of [() => null, () => 1, (trial: number) => (trial % 2 === 0 ? 1e300 : -1e-300)]) {
      const observations: Observation[] = [];
      for (let trial = 1; trial <= 12; trial++) {
        const [hyperparameters] = suggestOne(sampler, space, observations, createRandom(1, trial));
        if (hyperparameters === undefined) throw new Error('a continuous space cannot be used up');
        expect(space.violations(hyperparameters)).toEqual([]);
        observations.push({ hyperparameters, loss: lossOf(trial) });
      }
    }
  });

  test('an excluded configuration is not suggested again', () => {
    const space = parseSearchSpace({ hyperparameters: { bias: { type: 'boolean', default: false } } });
    const excluded = [{ bias: false }];
    const request = { space, observations: [], pending: [], excluded, count: 2, seed: 1, random: createRandom(1) };
    expect(sampler.suggest(request)).toEqual([expect.objectContaining({ hyperparameters: { bias: true } })]);
  });
}

/** A study of `trials` with a bowl as its objective, in which every fifth trial fails. */
function sequence(
  sampler: Sampler,
  space: SearchSpace,
  { seed, trials, pending = [] }: { seed: number; trials: number; pending?: readonly Hyperparameters[] },
): Hyperparameters[] {
  const observations: Observation[] = [];
  for (let trial = 1; trial <= trials; trial++) {
    const [hyperparameters] = suggestOne(
      sampler,
      space,
      observations,
      createRandom(seed, sampler.name, trial),
      pending,
    );
    if (hyperparameters === undefined) break;
    observations.push({ hyperparameters, loss: trial % 5 === 0 ? null : bowl(hyperparameters) });
  }
  return observations.map(({ hyperparameters }) => hyperparameters);
}

function suggestOne(
  sampler: Sampler,
  space: SearchSpace,
  observations: readonly Observation[],
  random: ReturnType<typeof createRandom>,
  pending: readonly Hyperparameters[] = [],
): Hyperparameters[] {
  return sampler
    .suggest({ space, observations, pending, count: 1, seed: 1, random })
    .map(({ hyperparameters }) => hyperparameters);
}

/** Smooth in every number, different for every word. */
function bowl(values: Hyperparameters): number {
  return Object.values(values).reduce<number>(
    (sum, value) => sum + (typeof value === 'number' ? (value - 0.3) ** 2 : String(value).length),
    0,
  );
}

function smoothSpace(): SearchSpace {
  return parseSearchSpace({
    hyperparameters: {
      x: { type: 'float', range: [0, 1], default: 0.5 },
      y: { type: 'float', range: [0, 1], default: 0.5 },
    },
  });
}
