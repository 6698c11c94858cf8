import { expect, test } from 'vitest';
import { formatCount, formatDollars, formatMeasure, formatNumber } from '../../cli/numbers.ts';

test.each([
  [0, '0'],
  [128, '128'],
  [-0.25, '-0.25'],
  [0.0031622776, '0.003162'],
  [0.1 + 0.2, '0.3'],
  [0.0000002, '2e-7'],
  [123_456, '123456'],
  [12_345.6, '12346'],
  [2_500_000, '2.5e6'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('the number %s is written %s', (value, written) => {
  expect(formatNumber(value)).toBe(written);
});

test.each([
  [0.4, '0.4000'],
  [12, '12.00'],
  [0, '0'],
  [0.00001234, '1.234e-5'],
  [54_321, '54321'],
])('the measurement %s is written %s', (value, written) => {
  expect(formatMeasure(value)).toBe(written);
});

test('counts and money stay short', () => {
  expect([980, 14_230, 60_000, 99_960, 999_600, 3_140_000].map(formatCount)).toEqual([
    '980',
    '14.2k',
    '60k',
    '100k',
    '1M',
    '3.1M',
  ]);
  expect([0, 0.00321, 0.042, 1.5].map(formatDollars)).toEqual(['$0.00', '$0.0032', '$0.042', '$1.50']);
});
