import { expect, test } from 'vitest';
import { editConfig, getConfigValue, readConfigValues } from '../../../study/config-file.ts';

const COMMENTED = `# How the network is trained
title = 'a run'   # any text
optimizer.lr  =  1e-3
optimizer.name = "sgd"
"model.v1".depth = 2
sizes = [ 64, # first
  32, ]

[train]   # the loop
epochs = 1_000
schedule = { kind = "cosine",  warm.steps = 10 }

[[layer]]
units = 64
[[layer]]
units = 32
  [layer.norm]
  eps = 1.0
[data]
since = 2024-05-01
text = """
two
lines"""
`;

test('every way of writing a table is found by its dotted key', () => {
  const values = readConfigValues(COMMENTED, 'config.toml');
  expect(getConfigValue(values, 'optimizer.lr')).toBe(0.001);
  expect(getConfigValue(values, 'model.v1.depth')).toBe(2);
  expect(getConfigValue(values, 'train.schedule.warm.steps')).toBe(10);
  expect(getConfigValue(values, 'layer.1.norm.eps')).toBe(1);
});

test('values are replaced and nothing else: comments, spacing, headers, dates', () => {
  const changes = {
    title: 'run "2"',
    'optimizer.lr': 1,
    'optimizer.name': "it's\t\x7f",
    'model.v1.depth': 3,
    'sizes.0': 128,
    'train.epochs': 20,
    'train.schedule.kind': 'step',
    'train.schedule.warm.steps': 5,
    'layer.0.units': 16,
    'layer.1.units': 8,
    'layer.1.norm.eps': 2e-7,
    'data.text': 'one',
  };
  expect(editConfig(COMMENTED, 'config.toml', changes)).toBe(
    COMMENTED.replace("'a run' ", `'run "2"'`) // its comment keeps two spaces
      .replace('1e-3', '1.0')
      .replace('"sgd"', `"it's\\t\\u007F"`)
      .replace('depth = 2', 'depth = 3')
      .replace('[ 64,', '[ 128,')
      .replace('1_000', '20')
      .replace('"cosine"', '"step"')
      .replace('steps = 10', 'steps = 5')
      .replace('units = 64', 'units = 16')
      .replace('units = 32', 'units = 8')
      .replace('eps = 1.0', 'eps = 2e-7')
      .replace('"""\ntwo\nlines"""', '"one"'),
  );
});

test('a byte-order mark, CRLF line ends and a missing last newline stay', () => {
  expect(editConfig('\uFEFFlr = 0.1 # é\r\n\r\n[a]\r\nb = 3', 'c.toml', { lr: 2, 'a.b': 4 })).toBe(
    '\uFEFFlr = 2.0 # é\r\n\r\n[a]\r\nb = 4',
  );
});

test('whole numbers stay ints and floats stay floats, for tomllib tells them apart', () => {
  const changes = { a: 1, b: 1, c: 1, d: -0, e: 2 ** 60 };
  expect(
    editConfig('a = 5\nb = 5\nc = 0.5\nd = 0.5\ne = 0x10\n', 'c.toml', changes, { floatKeys: new Set(['b']) }),
  ).toBe('a = 1\nb = 1.0\nc = 1.0\nd = -0.0\ne = 1152921504606846976\n');
});

test.each([null, Number.NaN, Number.POSITIVE_INFINITY])('TOML cannot hold %s: refused, with what to do', (value) => {
  expect(() => editConfig('a = 1\n', 'c.toml', { a: value })).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      message: `c.toml: "a" cannot be set to ${value}, since TOML has no ${value}`,
      hint: expect.stringContaining('such as "none" or 0'),
    }),
  );
});

test('a table is not overwritten by a single value, and a missing key names the nearest', () => {
  expect(() => editConfig('[a]\nbc = 1\n', 'c.toml', { a: 1 })).toThrow(/"a" does not hold a single value/);
  expect(() => editConfig('[a]\nbc = 1\n', 'c.toml', { 'a.bd': 1 })).toThrow(/did you mean "a\.bc"/);
});

test.each([
  ['a = 1\nb = \n', /c\.toml is not readable as TOML: .* at line 2/],
  ['a = 1\na = 2\n', /Defining a key multiple times is invalid at line 2/],
  ['[a]\nb = 1\n[a]\n', /Defining a key multiple times is invalid at line 3/],
  ['a = {b = 1}\n[a.c]\n', /multiple times/],
  ['a: 1\n', /at line 1/],
])('%j is refused with the place', (text, message) => {
  expect(() => readConfigValues(text, 'c.toml')).toThrow(message);
  expect(() => readConfigValues(text, 'c.toml')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});
