import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runDataPreparation } from '../../runners/prepare-data.ts';
import { aFolder } from '../study/maker.ts';
import { python } from './python-makers.ts';

function aPreparation(script: string, environment: Record<string, string> = {}) {
  const taskFolder = aFolder();
  writeFileSync(join(taskFolder, 'prepare.py'), script);
  const PATH = process.env['PATH'] ?? '';
  return {
    taskFolder,
    script: 'prepare.py',
    configChanges: { dataset: 'books', 'data.words': 12 },
    python: { interpreter: python, variables: { VIRTUAL_ENV: '/of/the/task' } },
    environment: { PATH, ...environment },
    pass: ['MIRROR'],
  };
}

const watch = () => ({ onProgress: () => undefined, signal: new AbortController().signal });

test('the script runs in the task folder, with a training’s environment and without keys', async () => {
  const script = "import json, os\njson.dump(dict(os.environ), open('seen.json', 'w'))\n";
  const preparation = aPreparation(script, { OPENAI_API_KEY: 'secret', MIRROR: 'here', AGENTHPO_DATA: '/data' });
  expect(await runDataPreparation(preparation, watch())).toEqual({ kind: 'ready' });
  const seen: unknown = JSON.parse(readFileSync(join(preparation.taskFolder, 'seen.json'), 'utf8'));
  expect(seen).toMatchObject({ MIRROR: 'here', AGENTHPO_DATA: '/data', VIRTUAL_ENV: '/of/the/task' });
  expect(seen).not.toHaveProperty('OPENAI_API_KEY');
  expect(seen).toHaveProperty('AGENTHPO_CONFIG_CHANGES', '{"dataset":"books","data.words":12}');
});

test('a failure is answered with its last lines, free of control characters, and what was kept from it', async () => {
  const script = "print('line\\n' * 40 + '\\x1b[31mno archive')\nraise SystemExit(3)\n";
  const outcome = await runDataPreparation(aPreparation(script, { KAGGLE_KEY: 'k' }), watch());
  expect(outcome).toMatchObject({ kind: 'missing', how: 'exit code 3', withheld: ['KAGGLE_KEY'] });
  expect(outcome.kind === 'missing' && outcome.output.length).toBe(15);
  expect(outcome.kind === 'missing' && outcome.output.at(-1)).toBe('no archive');
});

test('an abort ends the script and what it started', async () => {
  const script = [
    'import os, subprocess, time',
    "child = subprocess.Popen(['sleep', '600'])",
    "open('started.tmp', 'w').write(f'{os.getpid()} {child.pid}')",
    "os.rename('started.tmp', 'started')",
    'time.sleep(600)',
  ];
  const preparation = aPreparation(script.join('\n'));
  const started = join(preparation.taskFolder, 'started');
  const interruption = new AbortController();
  const running = runDataPreparation(preparation, { ...watch(), signal: interruption.signal });
  const ended = running.catch((reason: unknown) => reason);
  while (!existsSync(started)) await sleep(20);
  interruption.abort(new Error('Ctrl-C'));
  expect(await ended).toMatchObject({ message: 'Ctrl-C' });
  for (const pid of readFileSync(started, 'utf8').split(' ').map(Number)) expect(isAlive(pid)).toBe(false);
});

/** Linux keeps an entry of a dead child that nobody has waited for. */
function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  if (existsSync('/proc/self')) return existsSync(status) && !/\) [ZX] /.test(readFileSync(status, 'utf8'));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
