import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CandidateRole, suggestCandidates } from '../../samplers/candidates.ts';
import { drawValid } from '../../samplers/draw.ts';
import { gaussianProcessSampler } from '../../samplers/gaussian-process.ts';
import { predictOutcomes } from '../../samplers/predict-outcomes.ts';
import type { Observation } from '../../samplers/sampler.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace } from '../../study/search-space.ts';
import { arbitrarySpaceSpec } from '../study/arbitrary-search-space.ts';

const space = parseSearchSpace({
  hyperparameters: {
    x: { type: 'float', range: [0, 1], default: 0.5 },
    y: { type: 'float', range: [0, 1], default: 0.5 },
  },
});

/** A bowl with its bottom at (0.3, 0.6), seen on one side of the square only: much is left unknown. */
const observations: Observation[] = [
  [0.5, 0.5],
  [0.1, 0.5],
  [0.3, 0.3],
  [0.45, 0.8],
  [0.2, 0.9],
  [0.05, 0.1],
].map(([x = 0, y = 0]) => ({ hyperparameters: { x, y }, loss: bowl(x, y) }));
const request = () => ({ space, observations, pending: [], seed: 1, random: createRandom(1) });

describe('candidates', () => {
  test('each is the best at what its role says', () => {
    const candidates = suggestCandidates(request(), 4);
    const predictedAs = (role: CandidateRole) => candidates.find(({ roles }) => roles.includes(role))?.predicted;
    const all = candidates.map(({ predicted }) => predicted);
    expect(candidates[0]?.roles[0]).toBe('most-improvement');
    expect(predictedAs('best-mean')?.loss).toBeCloseTo(Math.min(...all.map(({ loss }) => loss)), 3);
    expect(width(predictedAs('most-uncertain'))).toBeCloseTo(Math.max(...all.map(width)), 3);
    expect(predictedAs('most-uncertain')?.improvementChance).toBeGreaterThan(0.05);
    expect(predictedAs('near-incumbent')?.distance).toBeLessThan(0.2);
  });

  test('the first is what the sampler itself would try', () => {
    const [first] = suggestCandidates(request(), 1);
    const [own] = gaussianProcessSampler.suggest({ ...request(), count: 1 });
    const [ofFirst, ofOwn] =
      predictOutcomes(request(), [first?.hyperparameters ?? {}, own?.hyperparameters ?? {}]) ?? [];
    expect(ofFirst?.loss).toBeCloseTo(ofOwn?.loss ?? Number.NaN, 1);
  });

  test('they are valid, untried, apart from each other, and as many as were asked for', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
        const any = parseSearchSpace(spec);
        const random = createRandom(seed);
        const seen = [
          any.defaults(),
          drawValid(any, random) ?? any.defaults(),
          drawValid(any, random) ?? any.defaults(),
        ];
        const pending = [drawValid(any, random) ?? any.defaults()];
        const found = suggestCandidates(
          {
            space: any,
            observations: seen.map((hyperparameters, loss) => ({ hyperparameters, loss })),
            pending,
            random,
          },
          5,
        ).map(({ hyperparameters }) => hyperparameters);
        const taken = [...seen, ...pending];
        expect(found.length).toBeLessThanOrEqual(5);
        for (const [index, values] of found.entries()) {
          expect(any.violations(values)).toEqual([]);
          expect([...taken, ...found.slice(0, index)].some((each) => any.isSame(each, values))).toBe(false);
        }
      }),
      { numRuns: 15 },
    );
    expect(suggestCandidates(request(), 7)).toHaveLength(7);
  });

  test('one value is too few for a model: no candidates and no predictions', () => {
    const few = { ...request(), observations: observations.slice(0, 1) };
    expect(suggestCandidates(few, 3)).toEqual([]);
    expect(predictOutcomes(few, [{ x: 0, y: 0 }])).toBeUndefined();
  });
});

describe('the predicted outcome of a configuration', () => {
  test('near the bottom it is better and likelier to improve than far up the wall', () => {
    const [bottom, wall] =
      predictOutcomes(request(), [
        { x: 0.3, y: 0.6 },
        { x: 0.95, y: 0.05 },
      ]) ?? [];
    expect(bottom?.loss).toBeLessThan(wall?.loss ?? Number.NaN);
    expect(bottom?.improvementChance).toBeGreaterThan(wall?.improvementChance ?? Number.NaN);
    expect(bottom?.distance).toBeLessThan(wall?.distance ?? Number.NaN);
    expect(width(bottom)).toBeLessThan(width(wall));
  });

  test('a trial’s own configuration is predicted at about its loss, at distance 0', () => {
    const [first] = predictOutcomes(request(), [{ x: 0.5, y: 0.5 }]) ?? [];
    expect(first?.distance).toBe(0);
    expect(first?.loss).toBeCloseTo(bowl(0.5, 0.5), 1);
    expect(first?.low).toBeLessThan(first?.high ?? Number.NaN);
  });
});

function bowl(x: number, y: number): number {
  return (x - 0.3) ** 2 + (y - 0.6) ** 2;
}

function width(predicted: { low: number; high: number } | undefined): number {
  return predicted === undefined ? Number.NaN : predicted.high - predicted.low;
}
