import { describe, expect, test } from 'vitest';
import { createAdvisor } from '../../samplers/advisor.ts';
import { seenBy } from '../../samplers/seen.ts';
import type { EventBody } from '../../study/events.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';
import { aHistory } from '../agents/maker.ts';
import { aCompleteTrial, studyStarted } from '../study/maker.ts';

const SPACE: SearchSpaceSpec = { hyperparameters: { x: { type: 'float', range: [0, 1], default: 0.5 } } };
const ACCURACY = { metric: 'accuracy', direction: 'maximize' as const, at: 'last' as const, constraints: [] };

/** Accuracies that peak at x = 0.3. */
const accuracy = (x: number) => 0.9 - (x - 0.3) ** 2;
const start = (changes: Partial<Extract<EventBody, { event: 'study-started' }>> = {}) =>
  studyStarted({ space: SPACE, objective: ACCURACY, ...changes });
const trialsAt = (...xs: number[]) => xs.flatMap((x, index) => aCompleteTrial(index + 1, x, accuracy(x)));
const ask = (history = aHistory(start(), ...trialsAt(0.5, 0.1, 0.7, 0.25, 0.9))) =>
  createAdvisor({ history, pending: [], trial: history.trials.length + 1, seed: 1 });

describe('the optimiser as an adviser', () => {
  test('candidates come in the metric’s own unit, in readable numbers, the likely ones near the peak', () => {
    const candidates = ask().candidates(4);
    expect(candidates.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    const best = candidates.find(({ roles }) => roles.includes('best-mean'));
    expect(Math.abs(Number(best?.hyperparameters['x']) - 0.3)).toBeLessThan(0.08);
    expect(best?.predicted.value).toBeCloseTo(0.9, 1);
    for (const { hyperparameters, predicted, chance } of candidates) {
      expect(String(hyperparameters['x']).length).toBeLessThanOrEqual('0.123456'.length);
      expect(predicted.low).toBeLessThanOrEqual(predicted.value);
      expect(predicted.high).toBeGreaterThanOrEqual(predicted.value);
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
    }
  });

  test('the same study gets the same candidates, and a longer list begins with the shorter', () => {
    expect(ask().candidates(3)).toEqual(ask().candidates(6).slice(0, 3));
  });

  test('a forecast names the nearest trial, and a tried configuration has hardly a chance to beat itself', () => {
    expect(ask().forecast({ x: 0.26 })?.nearest).toMatchObject({ trial: 4, distance: expect.closeTo(0.01, 5) });
    expect(ask().forecast({ x: 0.9 })?.chance).toBeLessThan(0.2);
    expect(ask().forecast({ x: 0.32 })?.chance).toBeGreaterThan(0.3);
  });

  test('nothing is predicted that the metric cannot reach, as far as its values tell', () => {
    const at = (values: readonly number[], direction: 'minimize' | 'maximize') => {
      const trials = values.flatMap((value, index) => aCompleteTrial(index + 1, index / values.length, value));
      const advisor = ask(aHistory(start({ objective: { ...ACCURACY, direction } }), ...trials));
      const forecasts = [0.05, 0.4, 0.9, 1].flatMap((x) => advisor.forecast({ x })?.predicted ?? []);
      return [Math.min(...forecasts.map(({ low }) => low)), Math.max(...forecasts.map(({ high }) => high))];
    };
    expect(at([0.9, 0.4, 0.02, 0.03], 'minimize')[0]).toBe(0);
    expect(at([0.9, 0.4, -0.02, 0.03], 'minimize')[0]).toBeLessThan(0);
    expect(at([0.2, 0.7, 0.97, 0.98], 'maximize')[1]).toBe(1);
    expect(at([0.2, 0.7, 1.97, 1.98], 'maximize')[1]).toBeGreaterThan(1.98);
  });

  test('further candidates are no copies of those before them, and none stands for uncertainty alone where one must be taken', () => {
    const candidates = ask().candidates(8);
    const xs = candidates.slice(4).map(({ hyperparameters }) => Number(hyperparameters['x']));
    for (const [index, x] of xs.entries())
      for (const { hyperparameters } of candidates.slice(0, 4 + index))
        expect(Math.abs(x - Number(hyperparameters['x']))).toBeGreaterThan(0.045);
    expect(xs.length).toBeGreaterThan(0);
    const history = aHistory(start(), ...trialsAt(0.5, 0.1, 0.7, 0.25, 0.9));
    const likely = createAdvisor({ history, pending: [], trial: 6, seed: 1, likelyOnly: true }).candidates(4);
    expect(candidates.flatMap(({ roles }) => roles)).toContain('most-uncertain');
    expect(likely.flatMap(({ roles }) => roles)).not.toContain('most-uncertain');
  });

  test('about two in three outcomes of candidates lie between low and high, after three trials as after seven', () => {
    const spec: SearchSpaceSpec = {
      hyperparameters: Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name) => [name, { type: 'float', range: [0, 1], default: 0.5 }]),
      ),
    };
    const held = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
      const random = createRandom(seed, 'a function');
      const shape = ['a', 'b', 'c', 'd'].map((name) => ({ name, at: random.uniform(), weight: 3 * random.uniform() }));
      const lossOf = (values: Hyperparameters) =>
        Math.exp(shape.reduce((sum, { name, at, weight }) => sum + weight * (Number(values[name]) - at) ** 2, 0));
      return [3, 7].flatMap((trials) => {
        const events = Array.from({ length: trials }, (_, index): EventBody[] => {
          const values = Object.fromEntries(shape.map(({ name }) => [name, random.uniform()]));
          const [proposed, ...rest] = aCompleteTrial(index + 1, 0, lossOf(values));
          if (proposed?.event !== 'trial-proposed') throw new Error('a trial begins with its proposal');
          return [{ ...proposed, proposal: { ...proposed.proposal, hyperparameters: values } }, ...rest];
        });
        const history = aHistory(
          start({ space: spec, objective: { ...ACCURACY, direction: 'minimize' } }),
          ...events.flat(),
        );
        return ask(history)
          .candidates(4)
          .map(({ hyperparameters, predicted: { low, high } }) => {
            const loss = lossOf(hyperparameters);
            return loss >= low && loss <= high;
          });
      });
    });
    const share = held.filter(Boolean).length / held.length;
    expect(share).toBeGreaterThan(0.55);
    expect(share).toBeLessThan(0.85);
  });

  test('nothing is said before two trials have a value', () => {
    const young = ask(aHistory(start(), ...trialsAt(0.5)));
    expect(young.candidates(4)).toEqual([]);
    expect(young.forecast({ x: 0.2 })).toBeUndefined();
  });

  test('an earlier study’s trials are learned from at once, and may be tried again', () => {
    const trials = [0.1, 0.3, 0.7].map((x, index) => ({
      trial: index + 1,
      hyperparameters: { x },
      value: accuracy(x),
    }));
    const history = aHistory(start({ warmStart: { study: 'earlier', trials, leftOut: 0 } }));
    expect(ask(history).candidates(2)).toHaveLength(2);
    expect(history.incumbent).toBeUndefined();
    expect(seenBy(history, []).observations).toContainEqual({
      hyperparameters: { x: 0.3 },
      loss: -0.9,
      isEarlier: true,
    });
    expect(ask(history).forecast({ x: 0.3 })?.nearest).toBeUndefined();
  });

  test('of a space of three, the one that only the earlier study tried is still there to be offered', () => {
    const space: SearchSpaceSpec = { hyperparameters: { x: { type: 'int', range: [0, 2], default: 0 } } };
    const trials = [0, 1, 2].map((x) => ({ trial: x + 1, hyperparameters: { x }, value: x }));
    const history = aHistory(
      start({ space, warmStart: { study: 'earlier', trials, leftOut: 0 } }),
      ...aCompleteTrial(1, 0, 0),
      ...aCompleteTrial(2, 1, 1),
    );
    expect(
      ask(history)
        .candidates(4)
        .map(({ hyperparameters }) => hyperparameters),
    ).toEqual([{ x: 2 }]);
  });
});
