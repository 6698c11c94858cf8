import { expect, test } from 'vitest';
import { pooledDeviation } from '../../study/pooled-deviation.ts';
import { parseSearchSpace } from '../../study/search-space.ts';

const space = parseSearchSpace({
  hyperparameters: {
    kind: { type: 'categorical', choices: ['a', 'b'], default: 'a' },
    rate: { type: 'float', range: [0, 1], default: 0.5, when: { kind: 'b' } },
  },
});

const trained = (values: readonly number[], hyperparameters: Record<string, string | number>) =>
  values.map((value) => ({ hyperparameters, value }));

test('squares around each configuration’s own mean count by their degrees of freedom; single values count for nothing', () => {
  const trainings = [
    ...trained([1, 3], { kind: 'a' }),
    ...trained([10, 11, 12], { kind: 'b', rate: 0.5 }),
    ...trained([100], { kind: 'b', rate: 0.7 }),
  ];
  expect(pooledDeviation(space, trainings)).toEqual({ deviation: Math.sqrt(4 / 3), values: 5, configurations: 2 });
});

test('repeats that agree have no deviation; without a repeat there is nothing to say', () => {
  expect(pooledDeviation(space, trained([2, 2], { kind: 'a' }))).toMatchObject({ deviation: 0 });
  expect(pooledDeviation(space, trained([2], { kind: 'a' }))).toBeUndefined();
  expect(pooledDeviation(space, [])).toBeUndefined();
});
