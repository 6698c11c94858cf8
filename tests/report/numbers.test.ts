import { describe, expect, it } from 'vitest';
import { formatNumber, formatPair, formatSeconds, formatShare, listOf } from '../../report/numbers.ts';

describe('numbers for people', () => {
  it.each([
    [0.123456, '0.1235'],
    [12.3, '12.3'],
    [0.00001234567, '1.235e-5'],
    [0.0001, '0.0001'],
    [0.000302, '0.000302'],
    [0.00009, '9e-5'],
    [123456, '123,456'],
    [12345.678, '12,346'],
    [2_000_000, '2e6'],
    [1e21, '1e21'],
    [-0.5, '-0.5'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-infinity'],
  ])('%d is written %s', (value, written) => {
    expect(formatNumber(value)).toBe(written);
  });

  it('a pair gets as many digits as it takes to tell them apart', () => {
    expect(formatPair(0.98765, 0.98769)).toEqual(['0.98765', '0.98769']);
    expect(formatPair(0.5, 0.25)).toEqual(['0.5', '0.25']);
    expect(formatPair(1 / 3, 1 / 3)).toEqual(['0.3333', '0.3333']);
  });

  it.each([
    [0.83, '0.83 s'],
    [47.6, '48 s'],
    [60, '1 min'],
    [725, '12 min 5 s'],
    [7200, '2 h'],
    [12_000, '3 h 20 min'],
  ])('%d seconds are written %s', (seconds, written) => {
    expect(formatSeconds(seconds)).toBe(written);
  });

  it('shares and lists read as a person writes them', () => {
    expect([formatShare(0.3812), formatShare(0.032), formatShare(0.0005), formatShare(0)]).toEqual([
      '38 %',
      '3.2 %',
      '0.05 %',
      '0 %',
    ]);
    expect([listOf([]), listOf(['a']), listOf(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });
});
