import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editConfig } from '../../../study/config-file.ts';
import { explainFailure } from '../../../training/failure-cause.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { withoutTime } from '../training-results.ts';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'cifar10');
const SMALL = { width: 4, epochs: 2, train_images: 120, val_images: 40, batch_size: 60, threads: 1, patience: 0 };

let task: string;

beforeEach(() => {
  task = join(mkdtempSync(join(tmpdir(), 'cifar10-')), 'task');
  cpSync(bundled, task, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
});

afterEach(() => rmSync(join(task, '..'), { recursive: true }));

function python(...args: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', OMP_NUM_THREADS: '1' };
  return spawnSync('python3', args, { cwd: task, encoding: 'utf8', env });
}

function train(config: Readonly<Record<string, string | number>>, ...args: string[]) {
  const path = join(task, 'config.yaml');
  writeFileSync(path, editConfig(readFileSync(path, 'utf8'), path, { ...SMALL, ...config }));
  const ended = python('train.py', ...args);
  const log = join(task, 'train_log.jsonl');
  return { ...ended, log: existsSync(log) ? readFileSync(log, 'utf8') : '' };
}

/** Writes the five training batches and the test batch, 32 images each, with NumPy’s names as they were in Python 2’s days. */
const WRITE_BATCHES = `
import pathlib, pickle, numpy
folder = pathlib.Path('data/cifar-10-batches-py')
folder.mkdir(parents=True)
random = numpy.random.default_rng(0)
for name in [f'data_batch_{number}' for number in range(1, 6)] + ['test_batch']:
    batch = {b'data': random.integers(0, 256, (32, 3072), dtype='uint8'), b'labels': [x % 10 for x in range(32)]}
    (folder / name).write_bytes(pickle.dumps(batch, protocol=3).replace(b'numpy._core', b'numpy.core'))
`;

const hasNumpy = python('-c', 'import numpy; numpy._core').status === 0;
const hasTorch = python('-c', 'import torch, yaml').status === 0;

describe.skipIf(!hasNumpy)('reading the images (skipped where python3 has no NumPy 2)', () => {
  const read = (name: string) =>
    python(
      '-c',
      `import sys; from dataset import load; images, labels = load(["cifar-10-batches-py/${name}"]); print(images.shape, labels[:12])`,
    );

  test('from the unpacked folder', () => {
    expect(python('-c', WRITE_BATCHES)).toMatchObject({ status: 0, stderr: '' });
    const { stdout, stderr } = read('test_batch');
    expect(stderr).toBe('');
    expect(stdout).toContain('32 images in cifar-10-batches-py/test_batch of');
    expect(stdout).toContain('(32, 3, 32, 32) [0 1 2 3 4 5 6 7 8 9 0 1]');
  });

  test('a pickle that would run a command is refused, and the command is not run', () => {
    expect(python('-c', WRITE_BATCHES).status).toBe(0);
    const hostile = `
import os, pickle
class Hostile:
    def __reduce__(self):
        return os.system, ('touch was-run',)
open('data/cifar-10-batches-py/test_batch', 'wb').write(pickle.dumps({b'data': Hostile()}, protocol=3))
`;
    expect(python('-c', hostile).status).toBe(0);
    const { status, stderr } = read('test_batch');
    expect(status).toBe(1);
    expect(stderr).toContain('asks for posix.system, which these files do not need');
    expect(existsSync(join(task, 'was-run'))).toBe(false);
  });

  test.each([
    ['garbage', 'could not be read'],
    ['(dp0\n.', 'holds no array of images'],
  ])('a file that holds %j is refused', (content, message) => {
    expect(python('-c', WRITE_BATCHES).status).toBe(0);
    writeFileSync(join(task, 'data', 'cifar-10-batches-py', 'test_batch'), content);
    expect(read('test_batch').stderr).toContain(message);
  });

  test('a folder in the place of a file is refused by its name', () => {
    mkdirSync(join(task, 'data', 'cifar-10-batches-py', 'test_batch'), { recursive: true });
    for (let number = 1; number <= 5; number++)
      writeFileSync(join(task, 'data', 'cifar-10-batches-py', `data_batch_${number}`), '');
    expect(read('test_batch').stderr).toContain('test_batch cannot be read (Is a directory)');
  });
});

// PyTorch alone takes seconds to start, and ten times as many on a busy machine.
describe.skipIf(!hasTorch)('training (skipped where python3 has no PyTorch and PyYAML)', { timeout: 300_000 }, () => {
  test('stand-in images give a curve, the same one again, and say what they are in every row', () => {
    const first = train({}, '--stand-in');
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('STAND-IN DATA');
    const names = ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy', 'learning_rate', 'seconds'];
    const { rows } = parseTrainingLog(first.log, 'jsonl');
    expect(rows.map((row) => Object.keys(row))).toEqual([['trivial_accuracy'], names, names]);
    expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(3);
    const again = train({}, '--stand-in', '--evaluate');
    expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
    expect(Object.keys(parseTrainingLog(again.log, 'jsonl').rows[3] ?? {})).toEqual(['test_loss', 'test_accuracy']);
  });

  test('every network and pooling trains, and at full size the numbers of parameters are the usual ones', () => {
    const script = `
import torch
from model import VARIANTS, ResNet18
from pooling import POOLINGS
for variant, pooling in zip(VARIANTS, POOLINGS):
    for stem in ('cifar', 'imagenet'):
        scores = ResNet18(variant, 4, stem, pooling, 0.5, classes=10)(torch.zeros(2, 3, 32, 32))
        scores.sum().backward()
        assert scores.shape == (2, 10)
    print(variant, sum(each.numel() for each in ResNet18(variant, 64, 'imagenet', 'avg', 0, classes=1000).parameters()))
`;
    const { stdout, stderr } = python('-c', script);
    expect(stderr).toBe('');
    expect(stdout).toBe('resnet18 11689512\nresnet18d 11708744\nseresnet18 11778592\nskresnet18 11958056\n');
  });

  test('real files train, and the test images are opened only when asked', () => {
    expect(python('-c', WRITE_BATCHES).status).toBe(0);
    const { stdout, stderr, log } = train({});
    expect(stderr).toBe('');
    expect(stdout).toContain('160 images in cifar-10-batches-py/data_batch_1');
    expect(stdout).not.toContain('test_batch');
    expect(log).not.toContain('stand-in');
    expect(train({}, '--evaluate').stdout).toContain('32 images in cifar-10-batches-py/test_batch');
  });

  test('fewer images than asked for, and none at all, are a failure of the data', () => {
    const none = train({});
    expect(none.stderr).toMatch(/^Dataset not found: .*prepare_data.py.*--stand-in/);
    expect(python('-c', WRITE_BATCHES).status).toBe(0);
    const few = train({ train_images: 40000 });
    expect(few.stderr).toMatch(/40,000 \+ 40 images .* only 160 are there/);
    for (const { status, stderr } of [none, few])
      expect(explainFailure({ exitCode: status, signal: null, outcome: 'exited', output: stderr }).cause).toBe('data');
  });

  test('a loss that explodes ends the training as diverged', () => {
    const { status, stderr } = train({ optimizer: 'sgd', learning_rate: 1e30, momentum: 0.99 }, '--stand-in');
    expect(status).toBe(1);
    expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('diverged');
  });

  test('patience ends a training that no longer gets better', () => {
    const { log } = train({ epochs: 20, patience: 1, learning_rate: 0 }, '--stand-in');
    expect(parseTrainingLog(log, 'jsonl').rows.length).toBeLessThan(20);
  });
});
