import { expect, test } from 'vitest';
import { readObjective } from '../../training/objective-value.ts';
import type { LogRow } from '../../training/training-log.ts';

const last = { metric: 'val_loss', direction: 'minimize', at: 'last' } as const;
const best = { ...last, at: 'best' } as const;

test('"last" is the last row that carries the metric', () => {
  const rows: LogRow[] = [
    { epoch: 1, val_loss: 0.2 },
    { epoch: 2, val_loss: 0.5 },
    { epoch: 3, train_loss: 0.1 },
  ];
  expect(readObjective(rows, last)).toMatchObject({ value: 0.5, rowIndex: 1 });
});

test('"best" is the best finite value in the objective’s direction, the first of equals', () => {
  const rows = [0.5, 0.2, 0.9, 0.2, 0.9, Number.NEGATIVE_INFINITY, Number.NaN].map((val_loss) => ({ val_loss }));
  expect(readObjective(rows, best)).toMatchObject({ value: 0.2, rowIndex: 1 });
  expect(readObjective(rows, { ...best, direction: 'maximize' })).toMatchObject({ value: 0.9, rowIndex: 2 });
});

test('zero and negative values are values', () => {
  expect(readObjective([{ val_loss: 0 }], last)).toMatchObject({ value: 0 });
  expect(readObjective([{ val_loss: -3 }, { val_loss: 0 }], best)).toMatchObject({ value: -3 });
});

test('the row’s metrics are filled from its own step, then from earlier and later rows', () => {
  const rows: LogRow[] = [
    { epoch: 0, train_loss: 0.9, lr: 0.1 },
    { epoch: 0, val_loss: 0.8 },
    { epoch: 1, val_loss: 0.6, acc: 0.7 },
    { epoch: 1, train_loss: 0.5 },
    { epoch: 2, train_loss: 0.4 },
    { train_seconds: 12 },
  ];
  expect(readObjective(rows, last)).toMatchObject({
    metrics: { epoch: 1, val_loss: 0.6, acc: 0.7, train_loss: 0.5, lr: 0.1, train_seconds: 12 },
  });
});

test('a metric that is not finite in the row that counts is left out, not taken from elsewhere', () => {
  const rows: LogRow[] = [
    { val_loss: 0.5, gap: 1 },
    { val_loss: 0.4, gap: Number.NaN },
  ];
  expect(readObjective(rows, last)).toMatchObject({ metrics: { val_loss: 0.4 } });
  expect(readObjective(rows, last)).not.toHaveProperty('metrics.gap');
});

test('a missing metric is no value; the message names what was recorded and the nearest name', () => {
  expect(readObjective([{ epoch: 1, val_los: 0.5 }], last)).toEqual({
    problem: 'no-metric',
    message: 'the training recorded no "val_loss" (did you mean "val_los"?); it recorded epoch, val_los',
  });
  expect(readObjective([], last)).toEqual({
    problem: 'no-metric',
    message: 'the training recorded no "val_loss": there are no numbers in its log',
  });
});

test('a thousand names are cut, control bytes removed', () => {
  const row = Object.fromEntries(Array.from({ length: 1000 }, (_, k) => [`\x1b[31mname${k}\n`, k]));
  const reading = readObjective([row], last);
  expect(reading).toMatchObject({ message: expect.stringMatching(/name0, name1, .*name11 and 988 more$/) });
});

test('NaN and infinity are no value', () => {
  const rows: LogRow[] = [
    { epoch: 1, val_loss: 0.5 },
    { epoch: 2, val_loss: Number.NaN },
  ];
  expect(readObjective(rows, last)).toEqual({
    problem: 'not-finite',
    message: 'the last recorded "val_loss" is NaN (epoch 2)',
  });
  expect(readObjective(rows.slice(1), best)).toEqual({
    problem: 'not-finite',
    message: 'every recorded "val_loss" is NaN or infinite',
  });
});
