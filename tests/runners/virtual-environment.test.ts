import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planPython, preparePython } from '../../runners/python-environment.ts';
import { compiled } from './compiled-runners.ts';
import { aWheel, python } from './python-makers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenthpo-venv-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function aRequest(requirements: string, programs: readonly string[] = []) {
  const taskFolder = join(folder, 'task');
  mkdirSync(taskFolder, { recursive: true });
  const file = join(taskFolder, 'requirements.txt');
  writeFileSync(file, requirements);
  const PATH = [...programs, join(python, '..'), '/usr/bin', '/bin'].join(':');
  const environment = { PATH, HOME: folder, PIP_RETRIES: '1', OPENAI_API_KEY: 'secret' };
  return { taskFolder, requirements: file, cacheFolder: join(folder, 'cache'), environment };
}

function aWatch() {
  const lines: string[] = [];
  const steps: string[] = [];
  const onStep = ({ words }: { words: string }) => steps.push(words);
  return { lines, steps, onStep, onProgress: (line: string) => lines.push(line), signal: new AbortController().signal };
}

/** The folders of builds, complete or not, of the one environment in the cache. */
function builds(): string[] {
  const environments = join(folder, 'cache/environments');
  const [only = ''] = existsSync(environments) ? readdirSync(environments) : [];
  const names = only === '' ? [] : readdirSync(join(environments, only));
  return names.filter((name) => name.startsWith('build-')).map((name) => join(environments, only, name));
}

test('a builder killed with -9 leaves nothing that counts; of two that come next one builds for both', async () => {
  aWheel(join(folder, 'task/wheels'), 'agenthpo_sample', '1.5');
  const request = aRequest('--no-index\n--find-links wheels\nagenthpo-sample>=1\n');
  const [abandoned] = await killedBuild(request);
  const watches = [aWatch(), aWatch()] as const;

  const [one, other] = await Promise.all(watches.map((watch) => preparePython(request, watch)));

  expect(one).toEqual(other);
  expect(one).toMatchObject({ source: 'cached-venv', requirementsHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(builds()).toEqual([one?.prefix]);
  expect(builds()).not.toContain(abandoned);
  expect(existsSync(join(one?.prefix ?? '', 'agenthpo-complete.json'))).toBe(true);
  const makers = watches.filter(({ lines }) => lines.some((line) => line.startsWith('Making a virtual environment')));
  const waiters = watches.filter(({ lines }) => lines.some((line) => line.includes('waiting for it')));
  expect([makers.length, waiters.length]).toEqual([1, 1]);
  expect(makers[0]?.steps).toContain('unpacking the packages');
  expect(makers[0]?.lines.filter((line) => /Collecting|Installing/.test(line))).toEqual([]);
  expect(versionSeenBy(one?.interpreter ?? '')).toBe('1.5');

  const again = aWatch();
  expect(await preparePython(request, again)).toEqual(one);
  expect(await planPython(request, again)).toEqual({
    source: 'cached-venv',
    interpreter: one?.interpreter,
    version: one?.version,
  });
  expect(again.lines).toEqual([]);
});

test('what cannot be installed is named, with the reason and the command that does it by hand', async () => {
  const uv = join(folder, 'bin/uv');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(uv, '#!/bin/sh\nenv > "$HOME/seen-by-uv"\necho "error: not today" >&2\nexit 2\n');
  chmodSync(uv, 0o755);
  // Nothing listens on port 9 of this machine.
  const request = aRequest('--index-url http://127.0.0.1:9/simple\nagenthpo-sample>=1\n', [join(folder, 'bin')]);
  const watch = aWatch();

  const error = await preparePython(request, watch).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({ code: 'environment-failed' });
  expect(error).toMatchObject({ message: expect.stringContaining('agenthpo-sample>=1 could not be installed') });
  expect(error).toMatchObject({ message: expect.stringContaining('no network?') });
  expect(error).toMatchObject({ message: expect.stringContaining('No matching distribution found') });
  expect(error).toMatchObject({
    hint: expect.stringMatching(new RegExp(`-m pip install -r ${request.requirements}$`)),
  });
  expect(watch.lines).toContain('uv could not (error: not today); trying pip.');
  expect(execFileSync('cat', [join(folder, 'seen-by-uv')], { encoding: 'utf8' })).not.toContain('secret');
  expect(builds()).toEqual([]);
});

test('a cache that cannot be written is an error that says which setting moves it', async () => {
  const request = aRequest('agenthpo-sample');
  writeFileSync(request.cacheFolder, 'a file where a folder is wanted');
  await expect(preparePython(request, aWatch())).rejects.toMatchObject({
    code: 'environment-failed',
    hint: expect.stringContaining('AGENTHPO_CACHE'),
  });
});

/** Starts a tuner’s build in a process of its own and kills it in the middle; the folders it leaves behind. */
async function killedBuild(request: object): Promise<string[]> {
  const rooms = compiled('runners/python-environment.ts', ['runners/python-probe.py'], join(folder, 'compiled'));
  const script = `
    import { preparePython } from ${JSON.stringify(join(rooms, 'runners/python-environment.js'))};
    await preparePython(${JSON.stringify(request)}, { onProgress: console.log, signal: new AbortController().signal });`;
  const builder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(builder, 'exit');
  while (builds().length === 0 && builder.exitCode === null) await sleep(20);
  builder.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  const left = builds();
  expect(left).toHaveLength(1);
  // What the builder had started dies with it; if it did not, this would wait in vain.
  while (execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(left[0] ?? '')) await sleep(50);
  return left;
}

function versionSeenBy(interpreter: string): string {
  const script = 'import agenthpo_sample; print(agenthpo_sample.VERSION)';
  return execFileSync(interpreter, ['-c', script], { encoding: 'utf8' }).trim();
}
