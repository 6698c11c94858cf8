import { expect, test } from 'vitest';
import { editConfig, readConfigValues } from '../../../study/config-file.ts';

const COMMENTED = `{
  // How the network is trained
  "optimizer": { "name":   "sgd", "lr": 1e-3 }, /* per step */
  "layers": [ {"units": 64}, {"units": 32,  "dropout": 0.0}, ],
\t"model.v1": { "depth" : 2 },
  "note": "it\\u0027s",
  "resume": null,
  "steps": 12345678901234567890,
}`;

test('values are replaced and nothing else: comments, trailing commas, spacing, digits', () => {
  const changes = {
    'optimizer.name': 'a "b"\n',
    'optimizer.lr': 0.00003,
    'layers.1.dropout': 1,
    'model.v1.depth': 3,
    resume: true,
  };
  expect(editConfig(COMMENTED, 'config.json', changes)).toBe(
    COMMENTED.replace('"sgd"', '"a \\"b\\"\\n"')
      .replace('1e-3', '0.00003')
      .replace('"dropout": 0.0', '"dropout": 1.0')
      .replace('"depth" : 2', '"depth" : 3')
      .replace('null', 'true'),
  );
});

test('a byte-order mark, CRLF line ends and a missing last newline stay', () => {
  const text = '\uFEFF{\r\n\t"lr": 1,\r\n\t"é": 2\r\n}';
  expect(editConfig(text, 'c.JSON', { lr: 0.5, é: null })).toBe('\uFEFF{\r\n\t"lr": 0.5,\r\n\t"é": null\r\n}');
});

test('whole numbers are written with all their digits, floats as floats', () => {
  const changes = { a: 2 ** 60, b: 1e21, c: 1e-9, d: -0, e: 3 };
  expect(
    editConfig('{"a":1,"b":1,"c":1,"d":1,"e":1}', 'c.jsonc', changes, { floatKeys: new Set(['b', 'd', 'e']) }),
  ).toBe('{"a":1152921504606846976,"b":1e+21,"c":1e-9,"d":-0.0,"e":3.0}');
});

test('a key that looks like a prototype is a key', () => {
  const text = '{"__proto__": {"lr": 1}, "constructor": 2}';
  expect(editConfig(text, 'c.json', { '__proto__.lr': 3, constructor: 4 })).toBe(
    '{"__proto__": {"lr": 3}, "constructor": 4}',
  );
});

test.each([
  ['{"a": 1\n "b": 2}', /c\.json is not readable as JSON: comma expected at line 2/],
  ['', /value expected at line 1/],
  ['{"a": NaN}', /invalid symbol at line 1/],
  ["{\n'a': 1}", /invalid symbol at line 2/],
  ['{"a": 1} {}', /end of file expected/],
  ['{"a": {"b": 1,\n "b": 2}}', /the key "b" stands twice in one object at line 2/],
  ['[1, 2]', /does not hold an object at its top level/],
])('%j is refused with the place', (text, message) => {
  expect(() => readConfigValues(text, 'c.json')).toThrow(message);
  expect(() => readConfigValues(text, 'c.json')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});

test('the same key in two objects is no repetition', () => {
  expect(readConfigValues('{"l": [{"a": 1}, {"a": 2}], "m": {"l": 1}}', 'c.json')).toEqual({
    l: [{ a: 1 }, { a: 2 }],
    m: { l: 1 },
  });
});

test('what JSON cannot say is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => editConfig('{"a": 1}', 'c.json', { a: value })).toThrow(`"a" cannot be set to ${value}`);
});
