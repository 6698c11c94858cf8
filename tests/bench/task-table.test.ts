import { expect, test } from 'vitest';
import { describeTasks, type TaskResult, verdictOf } from '../../bench/support/task-table.mjs';

const SOME: TaskResult = {
  task: 'mine',
  seed: 1,
  metric: 'val_loss',
  trivial: 2,
  default: 1,
  best: 0.5,
  bestTrial: 4,
  secondsATrial: 3.2,
};

/** `[best, default]` of the test metric, a pair a seed. */
function tested(
  direction: 'minimize' | 'maximize',
  ...pairs: readonly (readonly [number | null, number | null])[]
): TaskResult {
  const seeds = pairs.map(([best, reference], index) => ({ seed: index + 1, best, default: reference }));
  return { ...SOME, test: { metric: 'test_loss', direction, seeds } };
}

test('a lead counts only when its interval over the seeds lies above 0, whatever the direction', () => {
  expect(verdictOf(tested('minimize', [0.5, 1], [0.51, 1], [0.49, 1.02]))).toBe('better');
  expect(verdictOf(tested('maximize', [0.5, 1], [0.51, 1], [0.49, 1.02]))).toBe('worse');
  expect(verdictOf(tested('minimize', [0.5, 1], [1.1, 1], [0.9, 1.2]))).toBe('open');
});

test('the same lead under every seed says nothing of chance, nor does a single pair', () => {
  expect(verdictOf(tested('minimize', [0.5, 1], [0.5, 1]))).toBe('open');
  expect(verdictOf(tested('minimize', [0.5, 1], [null, 1]))).toBe('open');
});

test('the default as the best, and a task without a test metric, are counted apart', () => {
  expect(verdictOf({ ...SOME, bestTrial: 1 })).toBe('default');
  expect(verdictOf(SOME)).toBe('untested');
});

test('a row has the study’s values and those of the test, and the last line counts', () => {
  const table = describeTasks([tested('minimize', [0.5, 1], [0.51, 1], [0.49, 1.02]), { ...SOME, bestTrial: 1 }]);
  expect(table).toContain(
    '| `mine` | val_loss | 2 | 1 | 0.5 (trial 4) | 1.01 ± 0.0115 → 0.5 ± 0.01 | +0.507 (+0.455 … +0.558) | 3 |',
  );
  expect(table).toMatch(
    /2 studies: 1 with a lead .* 0 where it includes 0, 0 below it, 1 in which nothing beat the defaults/,
  );
});
