import { describe, expect, test } from 'vitest';
import { formatDuration, formatElapsed, formatEstimate } from '../../cli/durations.ts';

describe('durations', () => {
  test.each([
    [-1, '0.0s'],
    [0, '0.0s'],
    [0.04, '<0.1s'],
    [2.14, '2.1s'],
    [9.96, '10s'],
    [59.4, '59s'],
    [59.6, '1m 00s'],
    [303, '5m 03s'],
    [3_599.7, '1h 00m'],
    [7_500, '2h 05m'],
    [86_400 * 3 + 3_600 * 4, '3d 04h'],
  ])('%s seconds are written %s', (seconds, written) => {
    expect(formatDuration(seconds)).toBe(written);
  });

  test.each([
    [-1, '0s'],
    [4.9, '4s'],
    [59.9, '59s'],
    [61, '1m 01s'],
  ])('%s seconds that still run are shown as %s', (seconds, written) => {
    expect(formatElapsed(seconds)).toBe(written);
  });

  test.each([
    [0, 'less than 10s'],
    [37, 'about 40s'],
    [58, 'about 1m'],
    [725, 'about 12m'],
    [7_700, 'about 2h 10m'],
  ])('a guess of %s seconds is %s', (seconds, written) => {
    expect(formatEstimate(seconds)).toBe(written);
  });
});
