import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { editConfig } from '../../../study/config-file.ts';
import { pick, renderJson, renderToml, type Scalar, scalar, table } from './random-config.ts';

/** For each document, a line of its leaves: path, type, and text or exact number. */
const PRINT_LEAVES = `
import json, sys
def leaves(value, path):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None: return [[path, type(value).__name__, value]]
    return [leaf for name, child in items for leaf in leaves(child, path + [str(name)])]
if sys.argv[1] == "toml": import tomllib as reader
else: reader = json
for line in sys.stdin: print(json.dumps(leaves(reader.loads(json.loads(line)), [])))
`;

const leaves = z.array(z.tuple([z.array(z.string()), z.string(), z.union([z.number(), z.string(), z.boolean()])]));
type Leaves = z.infer<typeof leaves>;

function readByPython(language: string, texts: readonly string[]): Leaves[] {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const python = spawnSync('python3', ['-c', PRINT_LEAVES, language], { input, encoding: 'utf8', timeout: 60_000 });
  expect(python.stderr).toBe('');
  return z.array(leaves).parse(
    python.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

interface Edit {
  readonly which: number;
  readonly value: Scalar;
  readonly asFloat: boolean;
}

const edits = fc.array(fc.record({ which: fc.nat(), value: scalar, asFloat: fc.boolean() }), { maxLength: 4 });

/** The edited text, and the leaves that Python should find in it: only those asked for differ. */
function applyEdits(text: string, file: string, before: Leaves, wanted: readonly Edit[]) {
  const byIndex = new Map(wanted.map((edit) => [edit.which % before.length, edit]));
  const chosen = [...byIndex].map(([index, edit]) => ({ key: before[index]?.[0].join('.') ?? '', ...edit }));
  const changes = Object.fromEntries(chosen.map(({ key, value }) => [key, value]));
  const floatKeys = new Set(chosen.filter(({ asFloat }) => asFloat).map(({ key }) => key));
  const after = before.map(([path, type, old], index): Leaves[number] => {
    const edit = byIndex.get(index);
    return edit === undefined ? [path, type, old] : [path, typeAfter(edit, type), edit.value];
  });
  return { edited: editConfig(text, file, changes, { floatKeys }), after };
}

function typeAfter({ value, asFloat }: Edit, before: string): string {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  return asFloat || before === 'float' || !Number.isInteger(value) || Object.is(value, -0) ? 'float' : 'int';
}

const hasTomllib = spawnSync('python3', ['-c', 'import tomllib'], { timeout: 20_000 }).status === 0;

test.for([
  { language: 'json', render: renderJson, isReadable: true },
  { language: 'toml', render: renderToml, isReadable: hasTomllib },
])(
  'Python reads exactly the values asked for from an edited $language file',
  ({ language, render, isReadable }, { skip }) => {
    skip(!isReadable, 'python3 has no tomllib (3.11)');
    const cases = fc.sample(fc.tuple(table, pick, edits), { numRuns: 300, seed: 11 });
    const texts = cases.map(([config, choose]) => render(config, choose));
    const before = readByPython(language, texts);
    const expected = cases.map(([, , wanted], index) =>
      applyEdits(texts[index] ?? '', `c.${language}`, before[index] ?? [], wanted),
    );
    const read = readByPython(
      language,
      expected.map(({ edited }) => edited),
    );
    expect(read).toEqual(expected.map(({ after }) => after));
  },
);
