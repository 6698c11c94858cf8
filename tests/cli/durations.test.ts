import { expect, test } from 'vitest';
import { formatDuration } from '../../cli/durations.ts';

test.each([
  [-1, '0.0s'],
  [0.04, '0.0s'],
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
