import { describe, expect, test } from 'vitest';
import { createRandom } from '../../study/random.ts';
import { hasLargeGap, isStillImproving, jitterOf, worsenedSince } from '../../training/curve-shape.ts';

/** A planted curve: `shape` gives the loss at a share of the training, from 0 to 1. */
type Shape = (share: number) => number;

const flat: Shape = () => 1;
const settled: Shape = (share) => 0.2 + 2 * Math.exp(-20 * share);
const falling: Shape = (share) => 2 - share;
/** Its first loss is so large that what came later is next to nothing of the whole gain. */
const falseStart: Shape = (share) => (share === 0 ? 10 : 0.6 - 0.2 * share);
const droppedLate: Shape = (share) => (share < 0.93 ? 1 : 0.5);
const droppedEarlier: Shape = (share) => (share < 0.6 ? 1 : 0.5);
const risesFromAThird: Shape = (share) => 0.3 + 2 * Math.exp(-15 * share) + 0.15 * Math.max(0, share - 0.3);
/** 7.5 % of the gain, a quarter of the value. */
const risesLate: Shape = (share) => 0.3 + 2 * Math.exp(-10 * share) + 0.25 * Math.max(0, share - 0.7);

const LENGTHS = [8, 12, 20, 30, 100];
const DRAWS = 200;

function draw(shape: Shape, length: number, noise: number, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, (_, index) => shape(index / (length - 1)) + noise * random.normal());
}

/** In which share of noisy draws the answer is yes. */
function share(shape: Shape, length: number, noise: number, isSo: (losses: readonly number[]) => boolean): number {
  return Array.from({ length: DRAWS }, (_, seed) => draw(shape, length, noise, seed)).filter(isSo).length / DRAWS;
}

const hasWorsened = (losses: readonly number[]) => worsenedSince(losses) !== undefined;

describe('still improving', () => {
  test.each([
    ['a steady fall', falling],
    ['a fall after a start that dwarfs it', falseStart],
    ['a step within the last tenth', droppedLate],
  ])('%s is, with and without noise, at any length', (_, shape) => {
    for (const length of LENGTHS) {
      expect(isStillImproving(draw(shape, length, 0)), `${length} rows`).toBe(true);
      expect(share(shape, length, 0.002, isStillImproving), `${length} rows`).toBeGreaterThan(0.95);
    }
  });

  test.each([
    ['a settled curve', settled],
    ['a flat one', flat],
    ['a step long past', droppedEarlier],
  ])('%s is not, and noise makes it seem so in few draws', (_, shape) => {
    for (const length of LENGTHS) {
      expect(isStillImproving(draw(shape, length, 0)), `${length} rows`).toBe(false);
      expect(share(shape, length, 0.01, isStillImproving), `${length} rows`).toBeLessThan(0.05);
    }
  });

  test('a few rows are, when each is better than the one before and the last clearly so', () => {
    expect(isStillImproving([2, 1.5])).toBe(true);
    expect(isStillImproving([2, 1, 0.5, 0.499])).toBe(false);
    expect(isStillImproving([2, 1, 1.1, 0.9])).toBe(false);
    expect(isStillImproving([2])).toBe(false);
  });
});

describe('worsened', () => {
  test.each([
    ['from a third on', risesFromAThird],
    ['late, by little of the whole gain', risesLate],
  ])('a curve that rises %s has, near where it turned', (_, shape) => {
    for (const length of [20, 30, 100]) {
      const losses = draw(shape, length, 0);
      const turn = losses.indexOf(Math.min(...losses));
      const since = worsenedSince(losses) ?? Number.NaN;
      expect(Math.abs(since - turn), `${length} rows`).toBeLessThanOrEqual(Math.ceil(length / 10));
      expect(share(shape, length, 0.004, hasWorsened), `${length} rows`).toBeGreaterThan(0.95);
    }
  });

  test.each([
    ['a flat one', flat],
    ['a settled one', settled],
    ['a falling one', falling],
  ])('%s has not, and noise makes it seem so in few draws', (_, shape) => {
    for (const length of LENGTHS) {
      expect(worsenedSince(draw(shape, length, 0)), `${length} rows`).toBeUndefined();
      expect(share(shape, length, 0.02, hasWorsened), `${length} rows`).toBeLessThan(0.05);
    }
  });
});

describe('jitter', () => {
  test('is the standard deviation of the noise, whatever the trend beneath it', () => {
    for (const shape of [flat, falling]) {
      const jitter = jitterOf(draw(shape, 600, 0.02));
      expect(jitter, shape.name).toBeGreaterThan(0.017);
      expect(jitter, shape.name).toBeLessThan(0.023);
    }
  });

  test('of a smooth curve is next to nothing, of five rows unknown', () => {
    expect(jitterOf(draw(falling, 20, 0))).toBeCloseTo(0);
    expect(jitterOf(draw(falling, 5, 0))).toBeUndefined();
  });
});

describe('a large gap between training and validation', () => {
  test.each<[string, number, number, 'minimize' | 'maximize', number, boolean]>([
    ['less than half of the loss', 0.024, 0.107, 'minimize', 0.005, true],
    ['more than half of the loss', 0.08, 0.107, 'minimize', 0.005, false],
    ['less than the noise apart', 0.004, 0.012, 'minimize', 0.005, false],
    ['less than half of the errors', 0.99, 0.92, 'maximize', 0.005, true],
    ['the same in per cent', 99, 92, 'maximize', 0.5, true],
    ['more than half of the errors', 0.94, 0.92, 'maximize', 0.005, false],
    ['a training side that is worse', 0.3, 0.2, 'minimize', 0, false],
    ['a loss below zero has no known floor', -3, -1, 'minimize', 0, false],
    ['a score above 100 has no known ceiling', 900, 500, 'maximize', 0, false],
  ])('%s', (_, training, value, direction, jitter, expected) => {
    expect(hasLargeGap(training, value, direction, jitter)).toBe(expected);
  });
});

test('a smooth curve has no jitter, however it bends', () => {
  for (const parabola of [1, -1])
    expect(jitterOf(Array.from({ length: 30 }, (_, step) => parabola * (step - 4) ** 2))).toBe(0);
});
