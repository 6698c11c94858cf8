import { expect, test } from 'vitest';
import type { CurveDigest } from '../../study/trial.ts';
import { toldResult } from '../../tools/told-result.ts';

const CURVE: CurveDigest = {
  points: 20,
  first: 2,
  last: 0.4,
  best: 0.4,
  bestStep: 20,
  lastStep: 20,
  diverged: false,
  stillImproving: false,
  overfitting: false,
  sample: [
    [1, 2],
    [20, 0.4],
  ],
  jitter: 0.0123,
};

/** What is told of the curve of a trial that ended like this. */
function toldCurve(changes: Partial<CurveDigest>, value = 0.4) {
  const curve = { ...CURVE, ...changes };
  return toldResult({ state: 'complete', value, metrics: { loss: value }, curve }, 'loss')['curve'];
}

test('each fact is told once: neither the value as a metric nor a best and a last that are the value', () => {
  const metrics = { epoch: 20, loss: 0.4, train_loss: 0.3512345678 };
  expect(toldResult({ state: 'complete', value: 0.4, metrics, curve: CURVE }, 'loss')).toEqual({
    state: 'complete',
    value: 0.4,
    alsoRecorded: { train_loss: 0.351235 },
    curve: { first: 2, bestStep: 20, lastStep: 20, jitter: 0.012, notes: ['levelled off'] },
  });
});

test('a best and a last that are not the value are told', () => {
  expect(toldCurve({ best: 0.3, bestStep: 9 })).toMatchObject({
    best: 0.3,
    bestStep: 9,
    notes: ['ended worse than its best'],
  });
});

test('a curve that ended in NaN says from which step on, and that `last` is the value before', () => {
  const told = toldCurve(
    { last: 0.7505, best: 0.7505, bestStep: 2, lastStep: 3, diverged: true, notFiniteFrom: 3 },
    0.9,
  );
  expect(told).toMatchObject({ last: 0.7505, notes: ['diverged: not finite from 3 on; last is the value before'] });
});

test('a finite end that is far worse than the beginning is not called NaN', () => {
  expect(toldCurve({ last: 36.8, diverged: true }, 36.8)).toMatchObject({
    notes: ['far worse than it began'],
  });
});

test('a large gap stands beside whatever else holds of a curve', () => {
  expect(toldCurve({ stillImproving: true, largeGap: true })).toMatchObject({
    notes: ['still improving', expect.stringMatching(/^large gap: /)],
  });
});

test('sampled, points of the curve stand in the place of its first value', () => {
  const told = toldResult({ state: 'complete', value: 0.4, metrics: {}, curve: CURVE }, 'loss', 'sampled');
  expect(told['curve']).toMatchObject({
    sample: [
      [1, 2],
      [20, 0.4],
    ],
  });
  expect(told['curve']).not.toHaveProperty('first');
});
