import { describe, expect, test } from 'vitest';
import { editConfig, flattenConfig, getConfigValue, readConfigValues } from '../../study/config-file.ts';

const COMMENTED = `# How the network is trained
optimizer:            # see README
  name:   sgd
  lr: 1e-3            # PyYAML reads this one as text

layers:
  - {units: 64,  dropout: 0.0}
  - {units: 32,  dropout: 0.0}
"betas": [ 0.9, 0.999 ]
note: 'it''s plain'
`;

describe('reading', () => {
  test('values are nested as written and found by dotted key', () => {
    const values = readConfigValues(COMMENTED, 'config.yaml');
    expect(getConfigValue(values, 'optimizer.lr')).toBe(0.001);
    expect(getConfigValue(values, 'layers.1.units')).toBe(32);
    expect(getConfigValue(values, 'betas.0')).toBe(0.9);
    expect(getConfigValue(values, 'optimizer.beta')).toBeUndefined();
    expect(getConfigValue(values, 'optimizer.lr.deeper')).toBeUndefined();
    expect(getConfigValue(values, 'constructor')).toBeUndefined();
  });

  test('words mean what they mean to PyYAML', () => {
    expect(readConfigValues('a: yes\nb: off\nc: 010\nn: 10\nd: y\ne:\n', 'c.yml')).toEqual({
      a: true,
      b: false,
      c: 8,
      n: 10,
      d: 'y',
      e: null,
    });
  });

  test('an empty file holds no values', () => {
    expect(readConfigValues('# nothing yet\n', 'config.yaml')).toEqual({});
  });

  test('flattening names every value by its dotted key, empty collections among them', () => {
    const values = readConfigValues('a: {b: [1, {c: x}], d: []}\ne: {}\nf: null\n', 'config.yaml');
    expect(flattenConfig(values)).toEqual({ 'a.b.0': 1, 'a.b.1.c': 'x', 'a.d': [], e: {}, f: null });
  });

  test.each([
    ['config.ini', 'lr = 1', /config\.ini: config files can be \.yaml, \.yml, \.json, \.jsonc, \.toml, not "\.ini"/],
    ['config', 'lr: 1', /not "without an extension"/],
    ['c.yaml', 'a: [1,', /not readable as YAML.*line 1, column 7/],
    ['c.yaml', 'lr: 1\nlr: 2\n', /keys must be unique at line 2/],
    ['c.yaml', 'a: 1\n---\nb: 2\n', /multiple documents/],
    ['c.yaml', '- 1\n- 2\n', /does not hold “key: value” lines/],
    ['c.yaml', 'a: &a [*a]\n', /not readable as YAML/],
    ['c.yaml', 'a: *nowhere\n', /not readable as YAML/],
    ['c.yaml', '<<: 3\n', /not readable as YAML: Merge/],
    ['c.yaml', 'a: caf\uFFFD\n', /not UTF-8/],
  ])('%s holding %j is refused with the reason', (file, text, message) => {
    expect(() => readConfigValues(text, file)).toThrow(message);
    expect(() => readConfigValues(text, file)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

describe('editing', () => {
  test('replaces values and touches nothing else', () => {
    const edited = editConfig(COMMENTED, 'config.yaml', {
      'optimizer.name': 'adam',
      'optimizer.lr': 0.00003,
      'layers.1.dropout': 0.25,
      'betas.0': 0.85,
      note: "don't",
    });
    expect(edited).toBe(
      COMMENTED.replace('sgd', 'adam')
        .replace('1e-3   ', '3.0e-05') // its comment keeps its column
        .replace('{units: 32,  dropout: 0.0}', '{units: 32,  dropout: 0.25}')
        .replace('0.9,', '0.85,')
        .replace("'it''s plain'", "'don''t'"),
    );
  });

  test('a byte-order mark, CRLF line ends and a missing last newline stay', () => {
    const text = '\uFEFFlr: 0.1 # é\r\nname: a\r\n\r\ndepth:\r\nlast: 3';
    expect(editConfig(text, 'c.yaml', { lr: 0.5, depth: 4, last: 5 })).toBe(
      '\uFEFFlr: 0.5 # é\r\nname: a\r\n\r\ndepth: 4\r\nlast: 5',
    );
  });

  test('a float in the file stays a float, and so does a key declared as one', () => {
    expect(editConfig('a: 0.5\nb: 3\nc: 3\n', 'c.yaml', { a: 1, b: 1, c: 1 }, { floatKeys: new Set(['c']) })).toBe(
      'a: 1.0\nb: 1\nc: 1.0\n',
    );
  });

  test('text that YAML would misread is quoted', () => {
    expect(editConfig('a: x\nb: x\nc: "x"\nd: x\n', 'c.yaml', { a: 'on', b: '1e3', c: 'null', d: 'relu' })).toBe(
      "a: 'on'\nb: '1e3'\nc: \"null\"\nd: relu\n",
    );
  });

  test('values change their kind: null, boolean, text, number, a block of text', () => {
    expect(
      editConfig('a: 5\nb: ~\nc: yes\nd: |\n  two\n  lines\ne: 1\n', 'c.yaml', {
        a: null,
        b: 7,
        c: false,
        d: 'one',
      }),
    ).toBe('a: null\nb: 7\nc: false\nd: one\ne: 1\n');
  });

  test('an alias is replaced by the value; the anchor it pointed to stays', () => {
    expect(editConfig('base: &lr 0.1\nhead: *lr\n', 'c.yaml', { head: 0.2 })).toBe('base: &lr 0.1\nhead: 0.2\n');
  });

  test('an anchored value that others use is refused, naming them', () => {
    expect(() => editConfig('base: &lr 0.1\nhead: *lr\n', 'c.yaml', { base: 0.2 })).toThrow(
      /base cannot be changed alone: head would change too/,
    );
  });

  test('a value that comes from a shared mapping is refused', () => {
    expect(() => editConfig('base: &b {lr: 1}\nm: *b\n', 'c.yaml', { 'm.lr': 2 })).toThrow(/comes from the anchor &b/);
    expect(() => editConfig('base: &b {lr: 1}\nm:\n  <<: *b\n', 'c.yaml', { 'm.lr': 2 })).toThrow(/the merge "<<"/);
  });

  test('a missing key is an error that names the nearest one', () => {
    expect(() => editConfig('optimizer:\n  lr: 1\n', 'c.yaml', { 'optimizer.rl': 2 })).toThrow(
      /c\.yaml has no key "optimizer\.rl" \(did you mean "optimizer\.lr"\?\)/,
    );
  });

  test('a list or mapping is not overwritten by a single value', () => {
    expect(() => editConfig('betas: [1, 2]\n', 'c.yaml', { betas: 3 })).toThrow(
      expect.objectContaining({ hint: 'Name one of its items: "betas.0".' }),
    );
  });

  test('a tag that would turn the value into another one is refused', () => {
    expect(() => editConfig('a: !!str 1\n', 'c.yaml', { a: 0.5 })).toThrow(/would not read back as the value written/);
  });
});
