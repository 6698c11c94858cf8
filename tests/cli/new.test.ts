import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Workplace } from './run-cli.ts';

const python = spawnSync('python3', ['--version']);
const OUTCOME = z.looseObject({ status: z.string() });

describe.each(['config', 'args'])('agenthpo new --style %s', (style) => {
  test('writes a folder that check accepts without a remark', async () => {
    const place = new Workplace();
    const made = await place.run(['new', 'tasks/mine', '--style', style]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('agenthpo tune tasks/mine');
    const files = readdirSync(join(place.folder, 'tasks/mine'));
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'task.yaml', 'train.py', ...(style === 'config' ? ['config.yaml'] : [])]),
    );
    for (const file of files)
      expect(readFileSync(join(place.folder, 'tasks/mine', file), 'utf8')).not.toContain('my-task');
    const checked = await place.run(['check', 'tasks/mine']);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/^mine: /);
    expect(checked.stdout).not.toMatch(/warning/i);
  });

  test.skipIf(python.status !== 0)('writes a folder that can be tuned at once (skipped without python3)', async () => {
    const place = new Workplace();
    await place.run(['new', 'mine', '--style', style]);
    const study = ['tune', 'mine', '--trials', '3', '--seed', '1', '--yes', '--json'];
    for (const how of [
      ['--strategy', 'random', '--executor', 'direct'],
      ['--model', 'offline'],
    ]) {
      const { code, stdout, stderr } = await place.run([...study, ...how]);
      expect(stderr).not.toContain('error');
      expect(code).toBe(0);
      expect(OUTCOME.parse(JSON.parse(stdout)).status).toBe('complete');
    }
  });
});

test('new never overwrites: a folder that holds something is refused and stays as it was', async () => {
  const place = new Workplace();
  mkdirSync(join(place.folder, 'mine'));
  writeFileSync(join(place.folder, 'mine/notes.txt'), 'mine');
  const { code, stderr } = await place.run(['new', 'mine']);
  expect(code).toBe(2);
  expect(stderr).toContain('notes.txt');
  expect(stderr).toContain('agenthpo new mine-2');
  expect(readdirSync(join(place.folder, 'mine'))).toEqual(['notes.txt']);
});

test('new fills an empty folder, and refuses the same name a second time', async () => {
  const place = new Workplace();
  mkdirSync(join(place.folder, 'mine'));
  expect((await place.run(['new', 'mine'])).code).toBe(0);
  expect((await place.run(['new', 'mine'])).code).toBe(2);
});

test.each([
  ['my task', 'agenthpo new my-task'],
  ['-x', 'agenthpo new x'],
  ['ünï', 'agenthpo new n'],
])('a name that cannot name a folder of studies is refused: %s', async (name, suggestion) => {
  const place = new Workplace();
  const { code, stderr } = await place.run(['new', '--', name]);
  expect(code).toBe(2);
  expect(stderr).toContain('[usage]');
  expect(stderr).toContain(suggestion);
  expect(readdirSync(place.folder)).toEqual([]);
});

test('new says as JSON what it wrote', async () => {
  const place = new Workplace();
  const { stdout } = await place.run(['new', 'mine', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ task: 'mine', folder: join(place.folder, 'mine') });
});
