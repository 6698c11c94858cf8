import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planPython, preparePython } from '../../runners/python-environment.ts';
import { aVirtualEnvironment, installed, python } from './python-makers.ts';

let folder: string;
let lines: string[];
const watch = { onProgress: (line: string) => lines.push(line), signal: new AbortController().signal };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenthpo-python-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A task folder; `requirements` is the text of its requirements.txt. */
function aRequest(requirements?: string, more: { python?: string; environment?: Record<string, string> } = {}) {
  const taskFolder = join(folder, 'task');
  mkdirSync(taskFolder, { recursive: true });
  const file = join(taskFolder, 'requirements.txt');
  if (requirements !== undefined) writeFileSync(file, requirements);
  return {
    taskFolder,
    cacheFolder: join(folder, 'cache'),
    environment: { PATH: join(python, '..'), ...more.environment },
    ...(more.python === undefined ? {} : { python: more.python }),
    ...(requirements === undefined ? {} : { requirements: file }),
  };
}

describe('without requirements', () => {
  test('the first Python on PATH is taken', async () => {
    const found = await preparePython(aRequest(), watch);
    expect(found).toMatchObject({ source: 'system', interpreter: python });
    expect(found.version).toMatch(/^3\.\d+\.\d+/);
    expect(found.requirementsHash).toBeUndefined();
    expect(found.variables['VIRTUAL_ENV']).toBe('');
  });

  test('the active virtual environment comes before the one beside the script', async () => {
    const active = aVirtualEnvironment(join(folder, 'active'));
    aVirtualEnvironment(join(folder, 'task/.venv'));
    const found = await preparePython(aRequest(undefined, { environment: { VIRTUAL_ENV: active } }), watch);
    expect(found).toMatchObject({ source: 'active-venv', interpreter: join(active, 'bin/python'), prefix: active });
    expect(found.variables['VIRTUAL_ENV']).toBe(active);
    expect(found.variables['PATH']?.split(delimiter)[0]).toBe(join(active, 'bin'));
  });
});

describe('an explicit Python', () => {
  test('is taken although it lacks what is required, and that is said', async () => {
    const named = aVirtualEnvironment(join(folder, 'named'));
    const found = await preparePython(aRequest('no-such-thing>=2', { python: named }), watch);
    expect(found).toMatchObject({ source: 'explicit', prefix: named });
    expect(lines.join('\n')).toContain('lacks no-such-thing>=2');
  });

  test('may be a path relative to the task folder, or a program on PATH', async () => {
    const beside = aVirtualEnvironment(join(folder, 'task/mine'));
    const relative = await preparePython(aRequest(undefined, { python: 'mine/bin/python' }), watch);
    const program = await preparePython(aRequest(undefined, { python: 'python3' }), watch);
    expect([relative.prefix, program.interpreter]).toEqual([beside, python]);
  });

  test('that does not exist is an error that names it', async () => {
    const missing = preparePython(aRequest(undefined, { python: '/nowhere/python3' }), watch);
    await expect(missing).rejects.toMatchObject({
      code: 'python-missing',
      message: expect.stringContaining('/nowhere/python3'),
    });
  });

  test('that is too old, or no Python at all, is an error that says so', async () => {
    const old = aProgram(
      'old',
      `echo '{"version":"3.6.9","executable":"/old","prefix":"/","basePrefix":"/","platform":"x","externallyManaged":false,"requirements":null}'`,
    );
    const other = aProgram('other', 'echo hello');
    await expect(preparePython(aRequest(undefined, { python: old }), watch)).rejects.toMatchObject({
      code: 'python-missing',
      message: expect.stringContaining('Python 3.6.9; 3.8 or newer'),
    });
    await expect(preparePython(aRequest(undefined, { python: other }), watch)).rejects.toMatchObject({
      code: 'python-missing',
    });
  });
});

test('without any Python the error says what was looked for', async () => {
  const request = aRequest('numpy', { environment: { PATH: folder } });
  await expect(preparePython(request, watch)).rejects.toMatchObject({
    code: 'python-missing',
    message: expect.stringContaining('no python3 and no python on PATH'),
  });
});

describe('requirements', () => {
  test('the virtual environment beside the script that satisfies them is taken, and nothing is built', async () => {
    const beside = aVirtualEnvironment(join(folder, 'task/.venv'));
    installed(beside, 'Scikit_Learn', '1.4.2');
    const found = await preparePython(aRequest('scikit-learn>=1.3,<2 ; python_version >= "3.8"'), watch);
    expect(found).toMatchObject({ source: 'neighbouring-venv', prefix: beside });
    expect(found.requirementsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  test('a Python on PATH that satisfies them is taken, although another one comes first', async () => {
    const second = aVirtualEnvironment(join(folder, 'second'));
    installed(second, 'agenthpo-sample', '2.0');
    const PATH = [join(python, '..'), join(second, 'bin')].join(delimiter);
    const found = await preparePython(aRequest('agenthpo-sample==2.*', { environment: { PATH } }), watch);
    expect(found).toMatchObject({ source: 'satisfying', prefix: second });
  });

  test('a file that does not exist is an error about the file, not about Python', async () => {
    const request = aRequest('-r more/others.txt');
    await expect(preparePython(request, watch)).rejects.toMatchObject({
      code: 'environment-failed',
      message: expect.stringContaining('more/others.txt'),
    });
  });
});

describe('a plan', () => {
  test('names what is missing, how large it is and the command for it, and builds nothing', async () => {
    const plan = await planPython(aRequest('torch>=99\nagenthpo-sample'), watch);
    expect(plan).toMatchObject({ source: 'cached-venv', install: { missing: 'torch>=99, agenthpo-sample' } });
    expect(plan.install?.downloadLine).toMatch(/about 3\.0 GB \(torch/);
    expect(plan.install?.command).toContain(`-r ${join(folder, 'task/requirements.txt')}`);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  test('counts no download of what is for another system', async () => {
    const { install } = await planPython(aRequest('torch>=99 ; sys_platform == "win32"\nagenthpo-sample'), watch);
    expect(install?.missing).toBe('agenthpo-sample');
    expect(install).not.toHaveProperty('downloadLine');
  });

  test('starts nothing that lies in the task folder', async () => {
    const beside = aVirtualEnvironment(join(folder, 'task/.venv'));
    installed(beside, 'agenthpo-sample', '1.0');
    const [sprung, bin] = [join(folder, 'sprung'), join(beside, 'bin')];
    renameSync(join(bin, 'python'), join(bin, 'real'));
    renameSync(aProgram('trap', `: > ${sprung}; exec ${bin}/real "$@"`), join(bin, 'python'));
    expect(await planPython(aRequest('agenthpo-sample'), watch)).toMatchObject({ source: 'neighbouring-venv' });
    expect(existsSync(sprung)).toBe(false);
    await preparePython(aRequest('agenthpo-sample'), watch);
    expect(existsSync(sprung)).toBe(true);
  });

  test('nor what task.yaml names outside of it by a relative path: it is as little the user’s own', async () => {
    const [sprung, request] = [join(folder, 'sprung'), aRequest()];
    aProgram('python', `: > ${sprung}; exec ${python} "$@"`);
    const named = { ...request, python: '../python', pythonNamedBy: 'environment.python in task.yaml' };
    await planPython(named, watch).catch(() => undefined);
    expect(existsSync(sprung)).toBe(false);
    await preparePython(named, watch);
    expect(existsSync(sprung)).toBe(true);
  });
});

function aProgram(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
