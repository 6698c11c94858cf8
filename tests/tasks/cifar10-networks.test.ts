import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editConfig } from '../../study/config-file.ts';
import { loadTask } from '../../study/load-task.ts';
import { parseTrainingLog } from '../../training/read-training-log.ts';

const bundled = join(import.meta.dirname, '..', '..', 'tasks');
const SMALL = { epochs: 2, train_images: 120, val_images: 40, batch_size: 60, threads: 1, label_smoothing: 0.1 };
const TINY = {
  'cifar10-resnet9': { width: 4 },
  'cifar10-vit': { patch_size: 16, dimensions: 8, depth: 1, heads: 2 },
};

const hasTorch = spawnSync('python3', ['-c', 'import torch, yaml']).status === 0;
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cifar10-networks-'));
});

afterEach(() => rmSync(scratch, { recursive: true }));

function python(folder: string, ...args: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  return spawnSync('python3', args, { cwd: folder, encoding: 'utf8', env });
}

test.each(['cifar10-vit', 'cifar10-resnet9'])('%s has the space of the paper', (name) => {
  const { space } = loadTask(join(bundled, name));
  expect(space.parameters.map((parameter) => parameter.name)).toEqual([
    'optimizer',
    'learning_rate',
    'batch_size',
    'weight_decay',
    'label_smoothing',
  ]);
});

// The loader and its files are those of cifar10, which has the tests of them; copies.test.ts holds them the same.
describe.skipIf(!hasTorch)('training (skipped where python3 has no PyTorch and PyYAML)', { timeout: 300_000 }, () => {
  test.each(Object.entries(TINY))('%s learns, and measures the test images only when asked', (name, size) => {
    const folder = join(scratch, name);
    cpSync(join(bundled, name), folder, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
    const config = join(folder, 'config.yaml');
    writeFileSync(config, editConfig(readFileSync(config, 'utf8'), config, { ...SMALL, ...size }));
    const rowsOf = (...args: string[]) => {
      expect(python(folder, 'train.py', '--stand-in', ...args)).toMatchObject({ status: 0, stderr: '' });
      return parseTrainingLog(readFileSync(join(folder, 'train_log.jsonl'), 'utf8'), 'jsonl').rows;
    };
    const rows = rowsOf();
    expect(rows.map((row) => row['val_accuracy'] ?? row['trivial_accuracy'])).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toContain('test_');
    expect(Object.keys(rowsOf('--evaluate')[3] ?? {})).toEqual(['test_loss', 'test_accuracy']);
  });

  test.each([
    ['cifar10-resnet9', 6_573_120],
    ['cifar10-vit', 4_770_570],
  ])('%s has the size that its README states', (name, size) => {
    const count = `
import yaml
from model import build_network
network = build_network(yaml.safe_load(open('config.yaml')), 10)
print(sum(each.numel() for each in network.parameters()))`;
    expect(python(join(bundled, name), '-c', count)).toMatchObject({ stderr: '', stdout: `${size}\n` });
  });
});
