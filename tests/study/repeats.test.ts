import { expect, test } from 'vitest';
import { compressMemory } from '../../study/memory.ts';
import { deviationOfRepeats, repeatsOf } from '../../study/repeats.ts';
import { aHistory } from '../report/make-history.ts';

const byDefault = { learning_rate: 1e-3, optimizer: 'adam', batch_size: 64, nesterov: false };
const better = { ...byDefault, learning_rate: 1e-2 };

function studyWith(
  ...trained: readonly (readonly [typeof byDefault, seed: number, value: number | null, code?: string])[]
) {
  return aHistory({
    trials: [
      { hyperparameters: byDefault, value: 0.5 },
      { hyperparameters: better, value: 0.3 },
    ],
    after: trained.map(([hyperparameters, seed, value, codeHash = 'code-1']) => ({
      event: 'confirmation-trained' as const,
      ...{ hyperparameters, seed, codeHash, value, wallSeconds: 1 },
    })),
  });
}

test('the deviation is pooled over the configurations that were trained under several fresh seeds', () => {
  const history = studyWith([better, 8, 0.3], [better, 9, 0.32], [byDefault, 8, 0.5], [byDefault, 9, 0.56]);
  expect(deviationOfRepeats(history)).toBeCloseTo(Math.sqrt((0.0002 + 0.0018) / 2));
  expect(compressMemory(history).variation).toEqual({ deviation: 0.032, from: 'repeats' });
});

test('one seed, other code and trainings without a value tell nothing', () => {
  const history = studyWith([better, 8, 0.3], [better, 9, 0.4, 'code-2'], [byDefault, 8, null]);
  expect(repeatsOf(history)).toEqual([{ hyperparameters: better, seed: 8, value: 0.3 }]);
  expect(deviationOfRepeats(history)).toBeUndefined();
});

test('an evaluation by the study’s own metric counts too, each seed once', () => {
  const evaluated = {
    event: 'evaluation-finished',
    by: 'objective',
    metric: 'val_loss',
    codeHash: 'code-1',
    trial: 2,
  } as const;
  const history = aHistory({
    trials: [
      { hyperparameters: byDefault, value: 0.5 },
      { hyperparameters: better, value: 0.3 },
    ],
    after: [
      { ...evaluated, seed: 7, bestValue: 0.3, defaultValue: 0.5 }, // the study’s own seed
      { ...evaluated, seed: 8, bestValue: 0.31, defaultValue: 0.52 },
      { ...evaluated, seed: 8, bestValue: 0.31, defaultValue: 0.52 },
    ],
  });
  expect(repeatsOf(history).map(({ seed, value }) => [seed, value])).toEqual([
    [8, 0.31],
    [8, 0.52],
  ]);
});
