import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation, Sampler, SamplerRequest } from '../../samplers/sampler.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpace } from '../../study/search-space.ts';
import {
  arbitraryFiniteSpaceSpec,
  arbitrarySpaceSpec,
  withArbitraryConstraint,
} from '../study/arbitrary-search-space.ts';

type Loss = (values: Hyperparameters, trial: number) => number | null;

/** What every sampler promises, whatever its method. */
export function describesASampler(sampler: Sampler): void {
  test('every suggestion is valid and differs from all that is tried, pending, excluded or in the same answer', () => {
    const property = fc.property(anySpace, fc.nat(1000), fc.integer({ min: 1, max: 3 }), (spec, seed, count) => {
      const space = parseSearchSpace(spec);
      const [pending, excluded] = [[space.defaults()], sampler.suggest(aRequest(space, seed)).map(hyperparametersOf)];
      const tried = search(sampler, space, { seed, trials: 8, count, pending, excluded });
      expectValidAndDistinct(space, [...pending, ...tried]);
      expectValidAndDistinct(space, [...excluded, ...tried]);
    });
    fc.assert(property, { numRuns: 25 });
  });

  test('the same seed gives the same sequence', () => {
    const property = fc.property(anySpace, fc.nat(1000), (spec, seed) => {
      const space = parseSearchSpace(spec);
      const once = search(sampler, space, { seed, trials: 6 });
      expect(search(sampler, space, { seed, trials: 6 })).toEqual(once);
    });
    fc.assert(property, { numRuns: 8 });
  });

  test('a finite space is used up: each of its points once, and then nothing', () => {
    const property = fc.property(withArbitraryConstraint(arbitraryFiniteSpaceSpec()), fc.nat(1000), (spec, seed) => {
      const space = parseSearchSpace(spec);
      const points = space.enumerate(1000) ?? [];
      fc.pre(points.length <= 60);
      const tried = search(sampler, space, { seed, trials: points.length + 3 });
      expect(inOrder(tried)).toEqual(inOrder(points));
    });
    fc.assert(property, { numRuns: 15 });
  });

  test('a study in which nothing succeeds goes on', () => {
    const property = fc.property(anySpace, fc.nat(1000), (spec, seed) => {
      const space = parseSearchSpace(spec);
      const tried = search(sampler, space, { seed, trials: 8, loss: () => null });
      expectValidAndDistinct(space, tried);
      if (space.enumerate(1000) === undefined) expect(tried).toHaveLength(8);
    });
    fc.assert(property, { numRuns: 10 });
  });

  test('equal losses, enormous ones and ones that hardly differ are survived', () => {
    const losses: Loss[] = [
      () => 1,
      (_, trial) => (trial % 2 === 0 ? 1e300 : -1e-300),
      (_, trial) => 1e9 + trial * 1e-7,
      (values, trial) => (trial % 2 === 0 ? null : bowl(values)),
    ];
    for (const loss of losses) {
      const tried = search(sampler, mixedSpace(), { seed: 1, trials: 12, loss });
      expect(tried).toHaveLength(12);
      expectValidAndDistinct(mixedSpace(), tried);
    }
  });

  test('a space in which two constraints leave little is searched', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        width: { type: 'int', range: [1, 64], default: 4 },
        rate: { type: 'float', range: [0.001, 1], scale: 'log', default: 0.01 },
        depth: { type: 'int', range: [1, 8], default: 1 },
      },
      constraints: ['width * depth <= 32', 'rate * width < 1'],
    });
    const tried = search(sampler, space, { seed: 3, trials: 20 });
    expect(tried).toHaveLength(20);
    expectValidAndDistinct(space, tried);
  });

  test('many of a large answer differ from each other', () => {
    const request = { ...aRequest(mixedSpace(), 5), observations: observed(sampler, mixedSpace(), 6), count: 12 };
    const several = sampler.suggest(request).map(hyperparametersOf);
    expect(several).toHaveLength(12);
    expectValidAndDistinct(mixedSpace(), several);
  });

  test('every suggestion says how it was found, and predicts finite values if any', () => {
    const request = { ...aRequest(mixedSpace(), 2), observations: observed(sampler, mixedSpace(), 10), count: 2 };
    for (const { how, predicted } of sampler.suggest(request)) {
      expect(how).toMatch(/^[a-z].*[^.]$/);
      for (const value of Object.values(predicted ?? {})) expect(value).toSatisfy(Number.isFinite);
    }
  });
}

const anySpace = fc.oneof(arbitrarySpaceSpec(), withArbitraryConstraint(arbitrarySpaceSpec()));

interface Search extends Partial<Pick<SamplerRequest, 'pending' | 'excluded' | 'count'>> {
  readonly seed: number;
  readonly trials: number;
  readonly loss?: Loss;
}

/** What is tried in a study of `trials`, asked for in batches of `count`; by default a bowl in which every fifth trial fails. */
function search(sampler: Sampler, space: SearchSpace, { seed, trials, loss = faultyBowl, ...rest }: Search) {
  const observations: Observation[] = [];
  while (observations.length < trials) {
    const random = createRandom(seed, sampler.name, observations.length + 1);
    const suggestions = sampler.suggest({ ...aRequest(space, seed), observations, random, ...rest });
    if (suggestions.length === 0) break;
    for (const { hyperparameters } of suggestions)
      observations.push({ hyperparameters, loss: loss(hyperparameters, observations.length + 1) });
  }
  return observations.map(hyperparametersOf);
}

function observed(sampler: Sampler, space: SearchSpace, trials: number): Observation[] {
  const tried = search(sampler, space, { seed: 1, trials });
  return tried.map((hyperparameters) => ({ hyperparameters, loss: bowl(hyperparameters) }));
}

function aRequest(space: SearchSpace, seed: number): SamplerRequest {
  return { space, observations: [], pending: [], count: 1, seed, random: createRandom(seed) };
}

/** NaN and infinity are violations too. */
function expectValidAndDistinct(space: SearchSpace, all: readonly Hyperparameters[]): void {
  for (const [index, values] of all.entries()) {
    expect(space.violations(values)).toEqual([]);
    expect(all.slice(0, index).filter((earlier) => space.isSame(earlier, values))).toEqual([]);
  }
}

function hyperparametersOf({ hyperparameters }: { hyperparameters: Hyperparameters }): Hyperparameters {
  return hyperparameters;
}

function inOrder(points: readonly Hyperparameters[]): string[] {
  return points.map((values) => JSON.stringify(Object.entries(values).toSorted())).toSorted();
}

/** Smooth in every number, different for every word. */
function bowl(values: Hyperparameters): number {
  return Object.values(values).reduce<number>(
    (sum, value) => sum + (typeof value === 'number' ? (value - 0.3) ** 2 : String(value).length),
    0,
  );
}

function faultyBowl(values: Hyperparameters, trial: number): number | null {
  return trial % 5 === 0 ? null : bowl(values);
}

function mixedSpace(): SearchSpace {
  return parseSearchSpace({
    hyperparameters: {
      x: { type: 'float', range: [0, 1], default: 0.5 },
      rate: { type: 'float', range: [1e-4, 1], scale: 'log', default: 0.01 },
      kind: { type: 'categorical', choices: ['plain', 'deep'], default: 'plain' },
      depth: { type: 'int', range: [1, 9], default: 3, when: { kind: 'deep' } },
    },
  });
}
