import { expect, test } from 'vitest';
import { ScrambledHalton } from '../../samplers/halton.ts';

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73];

function points(seed: number, dimensions: number, count: number, from = 0): number[][] {
  const sequence = new ScrambledHalton(seed, dimensions);
  return Array.from({ length: count }, (_, index) => sequence.point(from + index));
}

test('any b^k points in a row fall one into each of the b^k cells of the dimension with base b', () => {
  for (const seed of [0, 1, 2 ** 31 - 1])
    for (const [dimension, base] of PRIMES.entries())
      for (const cells of [base, base ** 2].filter((each) => each <= 1000)) {
        const cellsHit = points(seed, 21, cells, 3 * cells).map((point) =>
          Math.floor((point[dimension] ?? -1) * cells),
        );
        expect(new Set(cellsHit).size).toBe(cells);
        expect(cellsHit.every((cell) => cell >= 0 && cell < cells)).toBe(true);
      }
});

test('two dimensions together: each of the 6 × 6 cells holds one of 36 points in a row that a product of bases allows', () => {
  // 4 cells of base 2 × 9 cells of base 3: the Chinese remainder theorem puts one point into each.
  const cells = points(7, 2, 36, 36).map(([x = 0, y = 0]) => `${Math.floor(4 * x)} ${Math.floor(9 * y)}`);
  expect(new Set(cells).size).toBe(36);
});

test('another seed is another scrambling, and each point alone is uniform over the seeds', () => {
  expect(points(1, 3, 4)).not.toEqual(points(2, 3, 4));
  const seeds = Array.from({ length: 800 }, (_, seed) => seed);
  for (const index of [0, 1, 5])
    for (const dimension of [0, 1, 9]) {
      const values = seeds.map((seed) => points(seed, 10, 1, index)[0]?.[dimension] ?? -1);
      const [mean, square] = [average(values), average(values.map((value) => value ** 2))];
      expect(mean).toBeCloseTo(0.5, 1.5);
      expect(square).toBeCloseTo(1 / 3, 1.5);
    }
});

test('dimensions of large bases do not run in step with each other, as those of an unscrambled sequence do', () => {
  for (const [first, second] of [
    [12, 13],
    [19, 20],
  ] as const) {
    const correlations = Array.from({ length: 40 }, (_, seed) => {
      const drawn = points(seed, 21, 30);
      return Math.abs(
        correlation(
          drawn.map((p) => p[first] ?? 0),
          drawn.map((p) => p[second] ?? 0),
        ),
      );
    });
    // 30 independent points correlate by 0.15 on average; unscrambled ones of these bases by more than 0.8.
    expect(average(correlations)).toBeLessThan(0.25);
  }
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [average(a), average(b)];
  const covariance = average(a.map((value, index) => (value - meanA) * ((b[index] ?? 0) - meanB)));
  const spread = (values: readonly number[], mean: number) => Math.sqrt(average(values.map((v) => (v - mean) ** 2)));
  return covariance / (spread(a, meanA) * spread(b, meanB));
}
