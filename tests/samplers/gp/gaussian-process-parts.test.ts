import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logExpectedImprovement } from '../../../samplers/gp/expected-improvement.ts';
import {
  choleskyInPlace,
  inverseFromCholesky,
  solveLower,
  solveLowerTransposed,
} from '../../../samplers/gp/linear-algebra.ts';
import { fitOutputWarp } from '../../../samplers/gp/output-warp.ts';
import { fitPosterior } from '../../../samplers/gp/posterior.ts';
import { createRandom } from '../../../study/random.ts';
import { parseSearchSpace } from '../../../study/search-space.ts';

describe('linear algebra', () => {
  test('the factor, both solves and the inverse agree with the matrix they came from', () => {
    const size = 6;
    const matrix = positiveDefinite(size);
    const lower = Float64Array.from(matrix);
    expect(choleskyInPlace(lower, size)).toBe(true);
    const right = Float64Array.from({ length: size }, (_, index) => index - 2);
    const solution = solveLowerTransposed(lower, size, solveLower(lower, size, right));
    const inverse = inverseFromCholesky(lower, size);
    for (let row = 0; row < size; row++) {
      let product = 0;
      let fromInverse = 0;
      for (let column = 0; column < size; column++) {
        product += (matrix[row * size + column] ?? 0) * (solution[column] ?? 0);
        const entry = inverse[Math.max(row, column) * size + Math.min(row, column)] ?? 0;
        fromInverse += entry * (right[column] ?? 0);
      }
      expect(product).toBeCloseTo(right[row] ?? 0, 9);
      expect(fromInverse).toBeCloseTo(solution[row] ?? 0, 9);
    }
  });

  test('a matrix that is not positive definite has no factor', () => {
    expect(choleskyInPlace(Float64Array.from([1, 2, 2, 1]), 2)).toBe(false);
  });
});

describe('expected improvement', () => {
  test('its logarithm agrees with the integral it stands for', () => {
    for (const [mean, deviation, best] of [
      [0, 1, 0],
      [1, 0.5, 0],
      [-1, 2, 0.3],
      [2, 0.6, 0],
    ] as const) {
      expect(logExpectedImprovement(mean, deviation, best)).toBeCloseTo(Math.log(integral(mean, deviation, best)), 4);
    }
  });

  test('it stays finite and falls steadily far from any hope', () => {
    const far = [2, 5, 10, 30, 39, 41, 100, 1e4].map((mean) => logExpectedImprovement(mean, 1, 0));
    expect(far.every(Number.isFinite)).toBe(true);
    expect(far).toEqual(far.toSorted((a, b) => b - a));
  });
});

describe('the output warp', () => {
  test('it keeps the order and can be undone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 3, maxLength: 30 }),
        (losses) => {
          const { warp, unwarp } = fitOutputWarp(losses);
          const sorted = losses.toSorted((a, b) => a - b);
          const warped = sorted.map(warp);
          expect(warped).toEqual(warped.toSorted((a, b) => a - b));
          for (const loss of sorted.slice(0, Math.ceil(sorted.length / 2)))
            expect(Math.abs(unwarp(warp(loss)) - loss)).toBeLessThan(1e-5 * (1 + (sorted.at(-1) ?? 0)));
        },
      ),
    );
  });

  test('one exploded run does not hide the differences between the others', () => {
    const { warp } = fitOutputWarp([0.1, 0.2, 0.3, 0.4, 0.5, 1e6]);
    expect(warp(0.5) - warp(0.1)).toBeGreaterThan(0.5);
  });
});

describe('the posterior', () => {
  const space = parseSearchSpace({ hyperparameters: { x: { type: 'float', range: [0, 1], default: 0.5 } } });
  const observations = [0, 0.2, 0.4, 0.6, 0.8, 1].map((x) => ({ hyperparameters: { x }, loss: (x - 0.3) ** 2 }));

  test('it remembers what it saw, interpolates between, and is less sure away from it', () => {
    const posterior = fitPosterior({ space, observations: observations.slice(0, 4) });
    if (posterior === undefined) throw new Error('there are losses');
    const at = (x: number) => posterior.predict({ x });
    expect(posterior.toLoss(at(0.2).mean)).toBeCloseTo(0.01, 2);
    expect(posterior.toLoss(at(0.3).mean)).toBeLessThan(0.012);
    expect(at(1).deviation).toBeGreaterThan(at(0.3).deviation);
  });

  test('a failed trial makes its neighbourhood unpromising', () => {
    const failed = [...observations, { hyperparameters: { x: 0.3 }, loss: null }];
    const mean = (given: typeof failed) =>
      fitPosterior({ space, observations: given })?.predict({ x: 0.3 }).mean ?? Number.NaN;
    expect(mean(failed)).toBeGreaterThan(mean(observations as typeof failed));
  });

  test('a pending trial leaves less to gain at its place', () => {
    const posterior = fitPosterior({ space, observations: observations.slice(3) });
    const after = posterior?.withPending({ x: 0.1 });
    expect(after?.logImprovement({ x: 0.1 })).toBeLessThan(posterior?.logImprovement({ x: 0.1 }) ?? 0);
  });

  test('without a single loss there is nothing to believe', () => {
    expect(fitPosterior({ space, observations: [{ hyperparameters: { x: 0.5 }, loss: null }] })).toBeUndefined();
  });
});

function positiveDefinite(size: number): Float64Array {
  const random = createRandom(1);
  const factor = Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal()));
  return Float64Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    const inner = factor[row]?.reduce((sum, each, k) => sum + each * (factor[column]?.[k] ?? 0), 0) ?? 0;
    return inner + (row === column ? 1 : 0);
  });
}

/** E[max(0, best − Y)], Y normal, by the trapezoid rule. */
function integral(mean: number, deviation: number, best: number): number {
  const step = 1e-3;
  let sum = 0;
  for (let y = mean - 10 * deviation; y < best; y += step) {
    const density = Math.exp(-0.5 * ((y - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
    sum += (best - y) * density * step;
  }
  return sum;
}
