import { expect, test } from 'vitest';
import { parseJsonl } from '../../training/parse-jsonl.ts';

test('numbers are kept by name, everything else is left out', () => {
  const { rows, problems } = parseJsonl(
    '{"epoch": 1, "val_loss": 0.5, "note": "ok", "best": true, "lr": null}\n\n{"done": "yes"}\n',
  );
  expect(rows).toEqual([{ epoch: 1, val_loss: 0.5 }]);
  expect(problems).toEqual([]);
});

test('Python’s bare NaN and Infinity are numbers, the same words in a text are not', () => {
  const { rows } = parseJsonl('{"a": NaN, "b": -Infinity, "c": [Infinity], "d": "NaN \\"Infinity", "e": Infinity}\n');
  expect(rows).toEqual([{ a: Number.NaN, b: Number.NEGATIVE_INFINITY, e: Number.POSITIVE_INFINITY }]);
});

test('numbers inside an object of the row get dotted names', () => {
  expect(parseJsonl('{"epoch": 2, "val": {"loss": 0.5, "tag": "x", "deep": {"er": 1}}}\n').rows).toEqual([
    { epoch: 2, 'val.loss': 0.5 },
  ]);
});

test('a last line cut off in writing is left out silently; a whole one counts without its line end', () => {
  expect(parseJsonl('{"a": 1}\n{"a": 2, "b')).toEqual({ rows: [{ a: 1 }], problems: [] });
  expect(parseJsonl('{"a": 1}\r\n{"a": 2}').rows).toEqual([{ a: 1 }, { a: 2 }]);
});

test('lines that are no objects are named, five of them at most, without control bytes', () => {
  const { rows, problems } = parseJsonl(`{"a": 1}\n\x1b[31mEpoch 1\x1b[0m\x07\n${'[1]\n'.repeat(100)}{"a": 2}\n`);
  expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
  expect(problems).toHaveLength(5);
  expect(problems[0]).toBe('line 2: not a JSON object: Epoch 1');
});

test('a name that JavaScript objects treat specially is an ordinary name', () => {
  const [row] = parseJsonl('{"__proto__": 3, "constructor": 4}\n').rows;
  expect(Object.entries(row ?? {})).toEqual([
    ['__proto__', 3],
    ['constructor', 4],
  ]);
});
