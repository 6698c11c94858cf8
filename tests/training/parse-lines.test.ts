import { expect, test } from 'vitest';
import { parseLines } from '../../training/parse-lines.ts';

test('METRIC lines are read among a script’s other output', () => {
  const output = 'Loading…\nMETRIC val_loss=0.5 acc=9.1e-1\nnot a METRIC x=1\n  METRIC val_loss=nan, acc=+.5\r\nbye\n';
  expect(parseLines(output)).toEqual({
    rows: [
      { val_loss: 0.5, acc: 0.91 },
      { val_loss: Number.NaN, acc: 0.5 },
    ],
    problems: [],
  });
});

test('colours and a progress bar on the same line do not hide a metric', () => {
  expect(parseLines(' 10%|#  |\r 90%|###|\r\x1b[2K\x1b[32mMETRIC loss=0.25\x1b[0m\n').rows).toEqual([{ loss: 0.25 }]);
});

test('a METRIC line without a number is named, unless it is being written', () => {
  expect(parseLines('METRIC loss=high\nMETRIC loss=')).toEqual({
    rows: [],
    problems: ['line 1: no name=number: METRIC loss=high'],
  });
});

test('a pattern’s named groups count beside METRIC lines', () => {
  const pattern = 'epoch (?<epoch>\\d+)|val_loss: (?P<val_loss>\\S+)';
  expect(parseLines('epoch 3 of 9, val_loss: 0.5\nMETRIC a=1\nval_loss: inf\nval_loss: none\n', pattern).rows).toEqual([
    { epoch: 3, val_loss: 0.5 },
    { a: 1 },
    { val_loss: Number.POSITIVE_INFINITY },
  ]);
});

test.each(['(?<a>', 'val_loss: (.*)', '(?<=x)y'])(
  'the pattern %s is refused with an example of a good one',
  (pattern) => {
    expect(() => parseLines('', pattern)).toThrow(
      expect.objectContaining({ code: 'task-invalid', hint: expect.stringContaining('(?<val_loss>') }),
    );
  },
);

test('a line of a megabyte is skipped', () => {
  expect(parseLines(`METRIC a=1 ${'x'.repeat(1e6)}\nMETRIC a=2\n`).rows).toEqual([{ a: 2 }]);
});
