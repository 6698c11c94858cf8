import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTrainingLog } from '../../training/read-training-log.ts';

const FORMATS = ['jsonl', 'csv', 'lines'] as const;

test('the same numbers come out of every format', () => {
  const rows = [{ epoch: 1, loss: 0.5 }];
  expect(parseTrainingLog('{"epoch": 1, "loss": 0.5}\n', 'jsonl').rows).toEqual(rows);
  expect(parseTrainingLog('epoch,loss\n1,0.5\n', 'csv').rows).toEqual(rows);
  expect(parseTrainingLog('METRIC epoch=1 loss=0.5\n', 'lines').rows).toEqual(rows);
  expect(parseTrainingLog('1: 0.5\n', 'lines', '(?<epoch>\\d+): (?<loss>\\S+)').rows).toEqual(rows);
});

test('whatever a script writes, reading it gives numbers and at most five problems', () => {
  const piece = fc.constantFrom(
    '{"a":',
    '}',
    '"',
    ',',
    '\n',
    '\r',
    'METRIC ',
    'a=',
    '1',
    'NaN',
    '\0',
    '\x1b[',
    'é',
    ';',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(anything, fc.constantFrom(...FORMATS), (text, format) => {
      const { rows, problems } = parseTrainingLog(text, format);
      expect(rows.flatMap((row) => Object.values(row)).every((value) => typeof value === 'number')).toBe(true);
      expect(problems.length).toBeLessThanOrEqual(5);
    }),
  );
});

test('a log cut at any byte gives the rows that were whole', () => {
  const whole = '{"epoch": 1, "loss": 0.25}\n{"epoch": 2, "loss": 0.125}\n';
  const { rows } = parseTrainingLog(whole, 'jsonl');
  for (let cut = 0; cut <= whole.length; cut++) {
    const log = parseTrainingLog(whole.slice(0, cut), 'jsonl');
    expect(log.problems).toEqual([]);
    expect(rows.slice(0, log.rows.length)).toEqual(log.rows);
  }
});
