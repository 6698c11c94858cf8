import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeYamlScalar } from '../../../study/config-file/yaml-scalar.ts';
import { editConfig, readConfigValues } from '../../../study/config-file.ts';

/** PyYAML’s own patterns for plain floats and decimal integers (yaml/resolver.py), without the base-60 forms. */
const PYYAML_FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const PYYAML_INT = /^[-+]?(?:0|[1-9][0-9_]*)$/;

const numbers = fc.oneof(fc.double(), fc.integer(), fc.double({ min: 1e-9, max: 1 }));
const values = fc.oneof(numbers, fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), awkwardText());

function awkwardText() {
  return fc.constantFrom(
    'yes',
    'On',
    'NULL',
    '~',
    '',
    ' ',
    '1e3',
    '0x1f',
    '010',
    '1:30',
    '.inf',
    '2020-01-01',
    '=',
    '<<',
    '- a',
    '# a',
    'a: b',
    '*a',
    '&a',
    '!a',
    "'",
    '"',
    '\\',
    'a\nb',
    '\t',
    '{',
    '%',
    '@',
    '\u2028',
    '\x85',
    '\x7f',
  );
}

test.each([
  [0.0003, '0.0003'],
  [0.001, '0.001'],
  [1e-5, '1.0e-05'],
  [2.5e-7, '2.5e-07'],
  [1e22, '1.0e+22'],
  [-3, '-3'],
  [64, '64'],
])('%d is written as %s', (value, text) => {
  expect(writeYamlScalar(value)).toBe(text);
});

test('every number is written in a form that PyYAML takes for that number', () => {
  fc.assert(
    fc.property(numbers, (value) => {
      const text = writeYamlScalar(value);
      expect(PYYAML_FLOAT.test(text) || PYYAML_INT.test(text)).toBe(true);
      expect(writeYamlScalar(value, { asFloat: true })).toMatch(PYYAML_FLOAT);
      if (Number.isFinite(value)) expect(Number(text)).toBe(value);
    }),
  );
});

test('every value survives being written into a config and read back, in block and in flow', () => {
  fc.assert(
    fc.property(
      values,
      fc.constantFrom('k: 1\nz: 2\n', 'z: 2\nk: {k: "1"}\n', "z: 2\nk: ['1', 3]\n"),
      (value, text) => {
        const key = text.startsWith('k') ? 'k' : text.includes('{') ? 'k.k' : 'k.0';
        const written = editConfig(text, 'c.yaml', { [key]: value });
        expect(readConfigValues(written, 'c.yaml')).toHaveProperty(key, value);
      },
    ),
  );
});

const pyyaml = spawnSync('python3', ['-c', 'import yaml'], { timeout: 20_000 });

test.skipIf(pyyaml.status !== 0)(
  'PyYAML itself reads back what was written (skipped where python3 has no PyYAML)',
  () => {
    const samples = fc.sample(
      values.filter((value) => typeof value !== 'string' || !/\p{Surrogate}/u.test(value)),
      300,
    );
    const text = samples.map((value, index) => `k${index}: ${writeYamlScalar(value)}\n`).join('');
    const script =
      'import sys,yaml,json; sys.stdin.reconfigure(encoding="utf-8"); print(json.dumps(list(yaml.safe_load(sys.stdin.read()).values())))';
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: text, encoding: 'utf8', timeout: 20_000 });
    expect(stderr).toBe('');
    const finite = stdout.replaceAll(/-?Infinity|NaN/g, 'null');
    expect(JSON.parse(finite)).toEqual(
      samples.map((value) => (Number.isFinite(value) || typeof value !== 'number' ? value : null)),
    );
  },
);
