import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const bundled = join(import.meta.dirname, '..', '..', 'tasks', 'cifar10');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'safe-pickle-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Loads the pickle (an expression), and prints what it held or why it was refused. */
function load(pickle: string, admitted: string, encoding = 'ASCII') {
  const script = `
import os, pickle
from safe_pickle import ARRAYS, BYTES, DEFAULT_DICTS, SPARSE_ROWS, BadPickleError, load
class Hostile:
    def __reduce__(self):
        return os.system, ('touch was-run',)
try:
    print(repr(load(${pickle}, ${admitted}, "${encoding}")))
except BadPickleError as error:
    print('refused: the file', error)
`;
  const env = { PATH: process.env['PATH'] ?? '', PYTHONPATH: bundled, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8', env });
  expect(stderr).toBe('');
  return stdout.trim();
}

/** As Python 2 wrote a graph: {0: [1, 2]} with lists by default. */
const GRAPH = String.raw`b"ccollections\ndefaultdict\np0\n(c__builtin__\nlist\np1\ntp2\nRp3\nI0\n(lp4\nI1\naI2\nas."`;

describe('a pickle', () => {
  test('of plain values needs nothing admitted', () => {
    expect(load('pickle.dumps({"a": [1, 2.5, None]})', '{}')).toBe("{'a': [1, 2.5, None]}");
  });

  test('of Python 2 keeps its graph, and its strings in the encoding that is asked for', () => {
    expect(load(GRAPH, 'DEFAULT_DICTS')).toBe("defaultdict(<class 'list'>, {0: [1, 2]})");
    expect(load(String.raw`b"S'\\xe9'\n."`, '{}', 'latin1')).toBe("'é'");
    expect(load(String.raw`b"S'\\xe9'\n."`, '{}', 'bytes')).toBe(String.raw`b'\xe9'`);
  });

  test.each(['{}', '{**ARRAYS, **BYTES, **SPARSE_ROWS, **DEFAULT_DICTS}'])(
    'that would run a command is refused with %s admitted, and nothing is run',
    (admitted) => {
      const said = load('pickle.dumps(Hostile())', admitted);
      expect(said).toBe(
        'refused: the file asks for posix.system, which these files do not need; nothing of it was run',
      );
      expect(existsSync(join(folder, 'was-run'))).toBe(false);
    },
  );

  test('that is cut short, empty or no pickle at all is refused', () => {
    for (const content of ['pickle.dumps([1, 2, 3])[:-2]', 'b""', 'b"<html>"'])
      expect(load(content, '{}')).toMatch(/^refused: the file could not be read: /);
  });

  test.each(['builtins.eval', 'builtins.getattr', 'os.system', 'subprocess.Popen', 'numpy.load'])(
    'may not ask for %s, whatever the ready-made sets admit',
    (name) => {
      const [module, attribute] = name.split('.');
      const asking = String.raw`b"c${module}\n${attribute}\n."`;
      expect(load(asking, '{**ARRAYS, **BYTES, **SPARSE_ROWS, **DEFAULT_DICTS}')).toContain(`asks for ${name}`);
    },
  );
});

const hasScipy = spawnSync('python3', ['-c', 'import scipy.sparse']).status === 0;

test.skipIf(!hasScipy)('arrays and sparse rows come through (skipped where python3 has no NumPy and SciPy)', () => {
  const matrix = '__import__("scipy.sparse").sparse.csr_matrix([[0, 3], [4, 0]])';
  expect(load(`pickle.dumps(${matrix}, 2)`, '{**ARRAYS, **BYTES, **SPARSE_ROWS}')).toContain('2 stored elements');
});
