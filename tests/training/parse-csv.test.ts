import { expect, test } from 'vitest';
import { parseCsv } from '../../training/parse-csv.ts';

test('empty cells carry nothing, as in Lightning’s metrics.csv', () => {
  const { rows, problems } = parseCsv('epoch,step,train_loss,val_loss\n0,9,0.7,\n0,9,,0.6\n1,19,0.5,\n1,19,,nan\n');
  expect(rows).toEqual([
    { epoch: 0, step: 9, train_loss: 0.7 },
    { epoch: 0, step: 9, val_loss: 0.6 },
    { epoch: 1, step: 19, train_loss: 0.5 },
    { epoch: 1, step: 19, val_loss: Number.NaN },
  ]);
  expect(problems).toEqual([]);
});

test('quotes, semicolons, a byte-order mark, CRLF and an unnamed index column are read', () => {
  expect(parseCsv('\uFEFF;"epoch";"val loss"\r\n0;1;"-1.5e-3"\r\n').rows).toEqual([{ epoch: 1, 'val loss': -0.0015 }]);
});

test('a single column is a table too', () => {
  expect(parseCsv('loss\n0.5\n0.25\n').rows).toEqual([{ loss: 0.5 }, { loss: 0.25 }]);
});

test('a last line cut off in writing is left out silently', () => {
  expect(parseCsv('epoch,loss\n1,0.5\n2')).toEqual({ rows: [{ epoch: 1, loss: 0.5 }], problems: [] });
});

test('a short line in the middle keeps its numbers and is named', () => {
  const { rows, problems } = parseCsv('epoch,loss\n1\n2,0.5\n');
  expect(rows).toEqual([{ epoch: 1 }, { epoch: 2, loss: 0.5 }]);
  expect(problems).toEqual(['line 2: 1 cells under 2 names: 1']);
});

test('a header without rows, or nothing at all, is an empty log', () => {
  expect(parseCsv('epoch,loss\n').rows).toEqual([]);
  expect(parseCsv('').rows).toEqual([]);
});
