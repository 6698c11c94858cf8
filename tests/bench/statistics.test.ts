import { describe, expect, test } from 'vitest';
import {
  bootstrapInterval,
  createRandom,
  holm,
  quantile,
  ranksOf,
  wilcoxonSignedRank,
} from '../../bench/support/statistics.mjs';

describe('ranks', () => {
  test('begin with 1 for the lowest, and equal values share the mean of their places', () => {
    expect(ranksOf([0.3, 0.1, 0.2, 0.2])).toEqual([4, 1, 2.5, 2.5]);
    expect(ranksOf([5, 5, 5])).toEqual([2, 2, 2]);
  });

  test('values without any trial that came to something are last together', () => {
    expect(ranksOf([Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY])).toEqual([2.5, 1, 2.5]);
  });

  test('within a band around a value, the values in it are ties; the ranks still add up', () => {
    const ranks = ranksOf([1, 1.05, 1.1, 2], (a, b) => Math.abs(a - b) <= 0.06);
    expect(ranks).toEqual([1.5, 2, 2.5, 4]);
  });
});

describe('Wilcoxon’s signed-rank test', () => {
  test('agrees with scipy.stats.wilcoxon on a textbook sample (Cureton’s maize heights)', () => {
    const heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
    expect(wilcoxonSignedRank(heights)).toBeCloseTo(0.041259765625, 12);
  });

  test('counts ties exactly and leaves out differences of zero', () => {
    expect(wilcoxonSignedRank([1, 1, -1, 2, 2, 3, -2, 5])).toBeCloseTo(0.1640625, 12);
    expect(wilcoxonSignedRank([0, 1, 2, -3, 4])).toBeCloseTo(0.625, 12);
    expect(wilcoxonSignedRank([0, 0])).toBe(1);
  });

  test('approximates many differences as scipy does without a continuity correction', () => {
    const differences = [
      0.32573, 0.067895, 0.840423, 0.3049, -0.335669, 0.561595, 1.504, 1.147081, -0.503735, -1.065421, -0.423274,
      0.241326, -2.125031, -0.018792, -1.045911, -0.532267, -0.344259, -0.1163, 0.611631, 1.242513, 0.071465, 1.566463,
      -0.465195, 0.55151, 1.10347, 0.294012, -0.543499, -0.721725, -0.257726, 0.420195, -0.809618, -0.009176, 0.040775,
      0.740846, 0.414659, 0.555373, -0.453829, 0.070386, 0.983975, 1.693431,
    ];
    expect(wilcoxonSignedRank(differences)).toBeCloseTo(0.24770096759107896, 6);
  });
});

describe('Holm’s adjustment', () => {
  test('multiplies the smallest by the number of tests, the next by one less, and never falls', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  test('stops at 1', () => {
    expect(holm([0.9, 0.6])).toEqual([1, 1]);
  });
});

describe('the bootstrap interval', () => {
  const random = createRandom(7);
  const noise = () => random() + random() + random() - 1.5;

  test('of a planted difference lies around it, away from 0', () => {
    const groups = Array.from({ length: 12 }, () => Array.from({ length: 10 }, () => 0.5 + noise()));
    const { low, high } = bootstrapInterval(groups, createRandom(1));
    expect(low).toBeGreaterThan(0.25);
    expect(high).toBeLessThan(0.75);
  });

  test('covers the true mean in about 95 of 100 samples, though groups differ among themselves', () => {
    const covered = Array.from({ length: 200 }, () => {
      const groups = Array.from({ length: 16 }, () => {
        const level = noise();
        return Array.from({ length: 10 }, () => level + noise());
      });
      const { low, high } = bootstrapInterval(groups, random, 400);
      return low <= 0 && high >= 0;
    });
    const share = covered.filter(Boolean).length / covered.length;
    expect(share).toBeGreaterThan(0.88);
  });

  test('is the same in every run', () => {
    const groups = [[1, 2], [3]];
    expect(bootstrapInterval(groups, createRandom(1), 100)).toEqual(bootstrapInterval(groups, createRandom(1), 100));
  });
});

test('a quantile lies between its two neighbours', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([1, 2], 0.975)).toBeCloseTo(1.975);
  expect(quantile([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.5)).toBe(Number.POSITIVE_INFINITY);
});
