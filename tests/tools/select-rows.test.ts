import { expect, test } from 'vitest';
import { selectRows } from '../../tools/select-rows.ts';

const rows = Array.from({ length: 100 }, (_, epoch) => ({ epoch, loss: Math.abs(epoch - 37) }));

test('without a wish the whole run comes in a few rows: the last four in full, its first, best and worst among them', () => {
  const { rows: kept, note } = selectRows(rows, 'loss', {});
  expect(kept.length).toBeLessThanOrEqual(10);
  expect(kept.map(({ epoch }) => epoch)).toEqual(expect.arrayContaining([0, 37, 96, 97, 98, 99]));
  expect(kept.map(({ epoch }) => epoch)).toEqual(kept.map(({ epoch }) => Number(epoch)).toSorted((a, b) => a - b));
  expect(note).toMatch(/of 100 rows: the last 4, of the others a few with the best and the worst loss/);
});

test('from gives every row from there on, at most fifty', () => {
  expect(selectRows(rows, 'loss', { from: 97 })).toEqual({ rows: rows.slice(97), note: 'rows 97 to 99 of 100' });
  expect(selectRows(rows, 'loss', { from: 0 }).rows).toEqual(rows.slice(0, 50));
});

test('a short run comes whole, and nothing is said to be left out', () => {
  expect(selectRows(rows.slice(0, 5), 'loss', {})).toEqual({ rows: rows.slice(0, 5), note: '' });
});
