import { expect, test } from 'vitest';
import { trivialBaseline } from '../../study/trivial.ts';
import { aHistory, type HistoryStory } from '../report/make-history.ts';

const values = { learning_rate: 0.001, optimizer: 'adam', batch_size: 64, nesterov: false };
const accuracy = { metric: 'accuracy', direction: 'maximize' } as const;

function baselineOf(trivial: string | number | undefined, trials: HistoryStory['trials']) {
  return trivialBaseline(
    aHistory({ start: { objective: { ...accuracy, at: 'last', constraints: [] }, trivial }, trials }),
  );
}

test('a number counts as it is, whatever was recorded; without a best trial nothing is said of beating it', () => {
  expect(baselineOf(0.1, [])).toEqual({ value: 0.1 });
  expect(baselineOf(0.1, [{ hyperparameters: values, value: 0.4 }])).toEqual({ value: 0.1, isBeaten: true });
});

test('a name is looked up where the best trial recorded it, else where another did', () => {
  const [first, best] = [
    { hyperparameters: values, value: 0.4, metrics: { trivial_accuracy: 0.3 } },
    { hyperparameters: { ...values, batch_size: 32 }, value: 0.6 },
  ];
  const found = { metric: 'trivial_accuracy', value: 0.3, isBeaten: true };
  expect(baselineOf('trivial_accuracy', [first, best])).toEqual(found);
  const own = { ...best, metrics: { trivial_accuracy: 0.6 } };
  expect(baselineOf('trivial_accuracy', [first, own])).toEqual({ ...found, value: 0.6, isBeaten: false });
});

test('a task that names none, or whose script recorded none, has no baseline', () => {
  const trials = [{ hyperparameters: values, value: 0.4 }];
  expect(baselineOf(undefined, trials)).toBeUndefined();
  expect(baselineOf('trivial_accuracy', trials)).toBeUndefined();
});
