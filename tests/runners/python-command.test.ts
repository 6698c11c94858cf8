import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../runners/python-command.ts';
import { identityOf } from '../../study/process-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenthpo-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const PATH = process.env['PATH'] ?? '';

function shell(script: string, more: { limitSeconds?: number; silenceLimitSeconds?: number } = {}, signal = never) {
  const lines: string[] = [];
  const command = ['/bin/sh', '-c', script];
  const onLine = (line: string) => lines.push(line);
  return runCommand({ command, folder, environment: { PATH }, limitSeconds: 60, onLine, ...more }, signal).then(
    (end) => ({ ...end, lines }),
  );
}

const pidIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));

/** A grandchild that ignores being asked to end and holds on to stdout. */
const STUBBORN = `sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.1; done' & while ! [ -s grandchild ]; do sleep 0.05; done`;

test('every line of both streams is heard, without control characters', async () => {
  const end = await shell(`printf 'one\\n\\033[31mtwo\\033[0m\\007\\n'; printf 'three' >&2; exit 3`);
  expect(end).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('one') });
  expect(end.lines.sort()).toEqual(['one', 'three', 'two']);
  expect(end.stopped).toBeUndefined();
});

test('a program past its limit ends with everything it started', async () => {
  const end = await shell(`${STUBBORN}; sleep 60`, { limitSeconds: 1 });
  expect(end.stopped).toBe('limit');
  expect(identityOf(pidIn('grandchild'))).toBeUndefined();
});

test('a program that falls silent is ended', async () => {
  expect(await shell('echo begun; sleep 60', { silenceLimitSeconds: 0.5 })).toMatchObject({
    stopped: 'silence',
    tail: ['begun'],
  });
});

test('an abort ends it, and is what the caller gets', async () => {
  const abort = new AbortController();
  const running = shell(`${STUBBORN}; echo $$ > program; sleep 60`, {}, abort.signal);
  const watch = setInterval(() => existsNonEmpty('program') && abort.abort(new Error('enough')), 50);
  await expect(running).rejects.toThrow('enough');
  clearInterval(watch);
  expect([pidIn('program'), pidIn('grandchild')].map(identityOf)).toEqual([undefined, undefined]);
});

test('a program that does not exist ends as a shell says it', async () => {
  const command = [join(folder, 'nothing')];
  expect(await runCommand({ command, folder, environment: {}, limitSeconds: 5 }, never)).toMatchObject({
    exitCode: 127,
  });
});

test('arguments reach the program as they are', async () => {
  const command = ['/bin/echo', 'two words', '$HOME', '; false'];
  const end = await runCommand({ command, folder, environment: {}, limitSeconds: 5 }, never);
  expect(end).toMatchObject({ exitCode: 0, stdout: 'two words $HOME ; false\n' });
});

function existsNonEmpty(name: string): boolean {
  try {
    return pidIn(name) > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
