import { describe, expect, it } from 'vitest';
import { fTail, median, normalQuantile, quantile, rankCorrelation, ranks } from '../../report/statistics.ts';

describe('statistics', () => {
  it('gives equal values the mean of their ranks', () => {
    expect(ranks([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
  });

  it('interpolates quantiles between order statistics', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('measures rank correlation whatever the scale, and none where a side does not vary', () => {
    expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1e6])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 4], [9, 7, 5, 3])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 2, 3], [5, 5, 5])).toBeUndefined();
  });

  it.each([
    [0.975, 1.959964],
    [0.999, 3.090232],
    [0.5, 0],
    [0.01, -2.326348],
  ])('knows the normal quantile of %d from the printed tables', (share, expected) => {
    expect(normalQuantile(share)).toBeCloseTo(expected, 5);
  });

  it.each([
    [4.1028, 2, 10, 0.05],
    [4.9646, 1, 10, 0.05],
    [7.5594, 2, 10, 0.01],
    [2.1646, 10, 30, 0.05],
  ])(
    'knows the F distribution’s tail beyond %d (%d and %d degrees of freedom) from the printed tables',
    (f, upper, lower, tail) => {
      expect(fTail(f, upper, lower)).toBeCloseTo(tail, 4);
    },
  );
});
