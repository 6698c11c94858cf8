import { expect, test } from 'vitest';
import { describeCurve } from '../../study/curve-words.ts';

test('a curve is told in a few words', () => {
  const curve = { points: 9, first: 1, last: 0.4, best: 0.3, bestStep: 6, lastStep: 9, diverged: false, sample: [] };
  expect(describeCurve({ ...curve, stillImproving: false, overfitting: true })).toBe('best at 6 of 9, overfitting');
  expect(describeCurve(undefined)).toBe('');
});
