import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookAtVirtualEnvironment, type ProbedPython, probePython } from '../../runners/python-probe.ts';
import { aVirtualEnvironment, installed, python } from './python-makers.ts';

let folder: string;
let environment: string;
const signal = new AbortController().signal;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenthpo-probe-'));
  environment = aVirtualEnvironment(join(folder, 'venv'));
  installed(environment, 'Sample_Package', '1.4.2');
  installed(environment, 'early', '2.0rc1');
  installed(environment, 'dotted.name', '3');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string, name = 'requirements.txt'): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function checked(text: string, name?: string) {
  const context = { folder, requirements: written(text, name), environment: {} };
  return checkOf(await probePython(join(environment, 'bin/python'), context, signal));
}

function checkOf(answer: ProbedPython | string) {
  if (typeof answer === 'string' || answer.requirements === null)
    throw new Error(`no check: ${JSON.stringify(answer)}`);
  return answer.requirements;
}

test('an interpreter tells its version, its place and its platform', async () => {
  const answer = await probePython(join(environment, 'bin/python'), { folder, environment: {} }, signal);
  expect(answer).toMatchObject({
    prefix: environment,
    requirements: null,
    platform: expect.stringContaining('CPython-'),
  });
});

test('requirements that are installed are satisfied', async () => {
  const satisfied = [
    'sample-package',
    'SAMPLE.package[extra] >= 1.4, < 2  # a comment',
    'sample_package==1.4.*',
    'sample-package~=1.4.0 ; python_version >= "3.8"',
    'sample-package \\\n   != 1.4.1',
    'sample-package==1.4.2 --hash=sha256:abc',
    'early>=1.9',
    'dotted.name',
    'Dotted_Name==3',
    '--extra-index-url https://example.org/simple',
    '',
    '# only a comment',
  ];
  const check = await checked(satisfied.join('\n'));
  expect(check).toMatchObject({ missing: [], unjudged: [], namesIndex: true });
  expect(check.asked.slice(-3).map(({ name }) => name)).toEqual(['early', 'dotted-name', 'dotted-name']);
});

test('what is for another system or Python is not asked for, installed or not', async () => {
  const others = ['absent ; sys_platform == "win32"', 'early>=3 ; python_version < "3"', 'sample-package==1.4.2'];
  expect(await checked(others.join('\n'))).toMatchObject({
    asked: [{ name: 'sample-package' }],
    missing: [],
    unjudged: [],
  });
});

test('what is absent, too old or too new is missing, with what is there instead', async () => {
  const { missing } = await checked(
    'absent>=1\nsample-package>=1.5\nsample-package<1.4.2\nearly>=2.0\nsample-package===1.4',
  );
  expect(missing).toEqual([
    { requirement: 'absent>=1', name: 'absent', installed: null },
    { requirement: 'sample-package>=1.5', name: 'sample-package', installed: '1.4.2' },
    { requirement: 'sample-package<1.4.2', name: 'sample-package', installed: '1.4.2' },
    { requirement: 'early>=2.0', name: 'early', installed: '2.0rc1' },
    { requirement: 'sample-package===1.4', name: 'sample-package', installed: '1.4.2' },
  ]);
});

test('URLs, paths, editable installs and variables are for an installer to judge', async () => {
  const lines = [
    '-e .',
    './package',
    'https://example.org/x.whl',
    'x @ file:///x.whl',
    `x==$${'{'}VERSION}`,
    '--unknown',
  ];
  expect(await checked(lines.join('\n'))).toMatchObject({ missing: [], unjudged: lines });
});

test('included files count, constraints only for what is installed', async () => {
  written('absent-inside', 'more/inner.txt');
  written('sample-package<1\nnever-asked-for==1', 'more/limits.txt');
  const { missing } = await checked('-r inner.txt\n--constraint=limits.txt', 'more/outer.txt');
  expect(missing.map(({ requirement }) => requirement)).toEqual(['absent-inside', 'sample-package<1']);
});

test('the hash follows the text of every included file, and the place only where paths matter', async () => {
  written('a==1', 'inner.txt');
  const before = await checked('-r inner.txt');
  written('a==2', 'inner.txt');
  const after = await checked('-r inner.txt');
  const [here, there] = [await checked('a', 'one/r.txt'), await checked('a', 'two/r.txt')];
  const [linkedHere, linkedThere] = [
    await checked('-f wheels\na', 'one/r.txt'),
    await checked('-f wheels\na', 'two/r.txt'),
  ];
  expect(after.hash).not.toBe(before.hash);
  expect(here.hash).toBe(there.hash);
  expect(linkedHere.hash).not.toBe(linkedThere.hash);
});

test('a virtual environment is judged the same without being started', async () => {
  const context = { folder, requirements: written('sample-package>=1.5\nearly'), environment: {} };
  const seen = await lookAtVirtualEnvironment(environment, python, context, signal);
  expect(seen).toMatchObject({ prefix: environment, executable: join(environment, 'bin/python') });
  expect(checkOf(seen).missing).toHaveLength(1);
});

describe('without the packaging library', () => {
  const COMPARE = `
import json, runpy, sys
probe = runpy.run_path(sys.argv[1])
packaging, verdicts = probe['find_packaging'](), []
for line in ['a', 'a>=1.2', 'a>1.2', 'a==1.2.0', 'a!=1.2', 'a<=1.10', 'a<1.10', 'A[x]>=1, <2', 'b', 'a>=1.2.1',
             'a~=1.2', 'a==1.*', 'a; python_version > "3"', './a', 'a==1.2rc1', 'a>=1.2 <2']:
    verdict = []
    for judge_with in (packaging, None):
        try:
            verdict.append(probe['judge'](line, {'a': '1.2', 'A': '1.2'}, judge_with, '3.11.0')[2])
        except probe['CannotJudge']:
            verdict.append('cannot judge')
    verdicts.append([line] + verdict)
print(json.dumps(verdicts))
`;
  const probe = join(import.meta.dirname, '../../runners/python-probe.py');
  const verdicts: [string, unknown, unknown][] = JSON.parse(
    execFileSync(python, ['-I', '-c', COMPARE, probe], { encoding: 'utf8' }),
  );

  test('plain requirements are judged as the library judges them', () => {
    const judged = verdicts.filter(([, , plain]) => plain !== 'cannot judge');
    expect(judged.map(([line]) => line)).toContain('A[x]>=1, <2');
    expect(judged).toHaveLength(10);
    for (const [line, reference, plain] of judged) expect([line, plain]).toEqual([line, reference]);
  });

  test('everything else is left to an installer', () => {
    const left = verdicts.filter(([, , plain]) => plain === 'cannot judge').map(([line]) => line);
    expect(left).toEqual(['a~=1.2', 'a==1.*', 'a; python_version > "3"', './a', 'a==1.2rc1', 'a>=1.2 <2']);
  });
});
