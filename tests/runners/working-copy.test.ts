import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanOutputs, hashCode, makeWorkingCopy } from '../../runners/working-copy.ts';

let root: string;
let task: string;
let trial: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'working-copy-'));
  task = join(root, 'task');
  trial = join(root, 'study/trials/0001');
  write('task.yaml', 'name: t\n');
  write('train.py', 'print(1)\n');
  write('config.yaml', 'lr: 0.1\n');
  write('package/data/loader.py', 'x = 1\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string | Buffer, folder = task): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const CODE = ['config.yaml', 'package/data/loader.py', 'task.yaml', 'train.py'];

test('keys that lie in the folder are no part of it: a training might print them', () => {
  const before = hashCode(task);
  for (const name of ['.env', '.env.local', '.envrc', '.netrc', '.aws/credentials', 'package/.env', 'kaggle.json'])
    write(name, 'KEY=abcdefgh\n');
  makeWorkingCopy(task, trial);
  expect(filesOf(trial)).toEqual(CODE);
  expect(hashCode(task)).toBe(before);
});

test('code and small files are copied, data and large files linked', () => {
  write('data/train.csv', 'a\n');
  write('weights.bin', Buffer.alloc(1024 * 1024 + 1));
  makeWorkingCopy(task, trial);
  expect(filesOf(trial)).toEqual(['config.yaml', 'data', ...CODE.slice(1), 'weights.bin']);
  expect(readlinkSync(join(trial, 'data'))).toBe(join(task, 'data'));
  expect(readlinkSync(join(trial, 'weights.bin'))).toBe(join(task, 'weights.bin'));
  expect(readFileSync(join(trial, 'data/train.csv'), 'utf8')).toBe('a\n');
  expect(lstatSync(join(trial, 'train.py')).isSymbolicLink()).toBe(false);
});

test('virtual environments, caches, repositories and studies are left out', () => {
  for (const path of [
    'my-venv/pyvenv.cfg',
    'my-venv/lib/site.py',
    '__pycache__/train.pyc',
    'package/__pycache__/x.pyc',
    '.git/HEAD',
    'logs/a.txt',
    'node_modules/a/b.js',
    'runs/t/s/experiment-log.jsonl',
    'runs/t/s/trials/0001/train.py',
  ])
    write(path, 'x');
  makeWorkingCopy(task, trial);
  expect(filesOf(trial)).toEqual(CODE);
});

test('a study inside its own task folder is not copied into itself', () => {
  write('runs/t/s/experiment-log.jsonl', '');
  makeWorkingCopy(task, join(task, 'runs/t/s/trials/0001'));
  makeWorkingCopy(task, join(task, 'runs/t/s/trials/0002'));
  expect(filesOf(join(task, 'runs/t/s/trials/0002'))).toEqual(CODE);
});

test('writing to a copied link never reaches the file it leads to', () => {
  write('shared.yaml', 'lr: 1\n', root);
  symlinkSync('../shared.yaml', join(task, 'linked.yaml'));
  makeWorkingCopy(task, trial);
  writeFileSync(join(trial, 'linked.yaml'), 'lr: 2\n');
  expect(readFileSync(join(root, 'shared.yaml'), 'utf8')).toBe('lr: 1\n');
});

test('links to folders lead where they led, and loops do no harm', () => {
  mkdirSync(join(root, 'library'));
  symlinkSync('../library', join(task, 'library'));
  symlinkSync('.', join(task, 'package/self'));
  symlinkSync('circle', join(task, 'circle'));
  symlinkSync('gone', join(task, 'dangling'));
  symlinkSync(join(task, 'package'), join(task, 'absolute'));
  makeWorkingCopy(task, trial);
  expect(readlinkSync(join(trial, 'library'))).toBe(join(root, 'library'));
  expect(readlinkSync(join(trial, 'absolute'))).toBe('package');
  expect(existsSync(join(trial, 'package/self/data/loader.py'))).toBe(true);
  expect(readlinkSync(join(trial, 'dangling'))).toBe('gone');
});

test('the next attempt finds the code as it is now and nothing of the last attempt’s output', () => {
  makeWorkingCopy(task, trial);
  for (const path of ['log.jsonl', 'result.json', 'checkpoints/best.pt', '.attempts/a1/start.json', 'transcript.jsonl'])
    write(path, 'old', trial);
  write('train.py', 'changed in the copy', trial);
  rmSync(join(task, 'package'), { recursive: true });
  write('train.py', 'print(2)\n');
  makeWorkingCopy(task, trial, { keep: ['transcript.jsonl'] });
  expect(filesOf(trial)).toEqual([
    '.attempts/a1/start.json',
    'config.yaml',
    'task.yaml',
    'train.py',
    'transcript.jsonl',
  ]);
  expect(readFileSync(join(trial, 'train.py'), 'utf8')).toBe('print(2)\n');
});

test('refreshing a copy leaves linked data alone', () => {
  write('data/train.csv', 'a\n');
  makeWorkingCopy(task, trial);
  makeWorkingCopy(task, trial);
  expect(readFileSync(join(task, 'data/train.csv'), 'utf8')).toBe('a\n');
});

test('a log that a run by hand left in the task folder is not copied', () => {
  write('out/log.jsonl', 'stale');
  makeWorkingCopy(task, trial, { leaveOut: ['out/log.jsonl'] });
  expect(filesOf(trial)).toEqual(CODE);
});

test('a folder that cannot be written is an error that names the path', () => {
  write('occupied', 'a file', root);
  expect(() => makeWorkingCopy(task, join(root, 'occupied/0001'))).toThrow(
    expect.objectContaining({ code: 'file-failed', message: expect.stringContaining('occupied') }),
  );
});

test('cleaning removes checkpoints and keeps what the trial is understood by', () => {
  makeWorkingCopy(task, trial);
  for (const path of [
    'best.pt',
    'out/log.jsonl',
    'out/epoch-1.pt',
    'stdout.log',
    'result.json',
    '.attempts/a1/start.json',
  ])
    write(path, 'x', trial);
  write('__pycache__/train.pyc', 'x', trial);
  cleanOutputs(task, trial, ['out/log.jsonl']);
  expect(filesOf(trial)).toEqual([
    '.attempts/a1/start.json',
    ...CODE.slice(0, 1),
    'out/log.jsonl',
    'package/data/loader.py',
    'result.json',
    'stdout.log',
    'task.yaml',
    'train.py',
  ]);
});

test('the code’s hash follows contents, names and large files, and nothing else', () => {
  write('weights.bin', Buffer.alloc(1024 * 1024 + 1));
  const before = hashCode(task);
  expect(before).toMatch(/^[0-9a-f]{64}$/);

  write('task.yaml', 'name: other\n');
  write('README.md', 'words');
  write('data/train.csv', 'a\n');
  write('__pycache__/train.pyc', 'x');
  write('log.jsonl', 'x');
  expect(hashCode(task, { leaveOut: ['log.jsonl'] })).toBe(before);
  rmSync(join(task, 'log.jsonl'));

  utimesSync(join(task, 'weights.bin'), 1, 1);
  const touched = hashCode(task);
  expect(touched).not.toBe(before);
  write('package/data/loader.py', 'x = 2\n');
  expect(hashCode(task)).not.toBe(touched);
});

test('a checkpoint left by a run by hand is copied however large, so that no trial writes over it', () => {
  writeFileSync(join(task, 'best.pt'), Buffer.alloc(2 * 1024 * 1024, 1));
  makeWorkingCopy(task, trial);
  writeFileSync(join(trial, 'best.pt'), 'new');
  expect(readFileSync(join(task, 'best.pt'))).toHaveLength(2 * 1024 * 1024);
});
