import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putPlanetoid } from '../planetoid-files.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { causeOf, rowsOf, withoutTime } from '../training-results.ts';

const SMALL = { epochs: 3, threads: 1 };

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('cora');
});

afterEach(() => task.remove());

test('where the files come from is pinned to a commit and a checksum', () => {
  const script = 'from prepare_data import CORA; print(CORA.ways_to_get_it(), CORA.downloads)';
  const { stdout } = task.python('-c', script);
  expect(stdout).toContain('https://github.com/kimiyoung/planetoid/tree/master/data');
  expect(stdout).toContain('planetoid/af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/ind.cora.allx');
  expect(stdout).toContain('9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543');
});

describe.skipIf(!hasPackages('numpy', 'scipy'))(
  'the split (skipped where python3 has no NumPy and SciPy)',
  SLOW_IMPORT,
  () => {
    const SPLIT = `
import dataset
from data_files import DataNotFoundError
try:
    each = dataset.load()
    parts = (each.train, each.validation, each.test)
    print([(len(part), part.min(), part.max()) for part in parts])
    print(dataset.rows_that_sum_to_one(each.features).sum(axis=1).min())
except DataNotFoundError as error:
    print(error)
`;

    test('is Planetoid’s: 20 papers of each subject, the next 500, and the papers of test.index', () => {
      putPlanetoid(task, 'cora');
      const { stdout } = task.python('-c', SPLIT);
      expect(stdout.replaceAll(/np\.int64\((\d+)\)/g, '$1')).toContain(
        '[(140, 0, 139), (500, 140, 639), (60, 640, 699)]\n1.0',
      );
    });

    test('needs a graph of as many nodes as there are labels', () => {
      putPlanetoid(task, 'cora', 'write("graph", {0: [1], 1: [0]})');
      expect(task.python('-c', SPLIT).stdout).toContain('ind.cora.graph has 2 nodes, and there are labels for 700.');
    });

    test('needs as many papers of each subject to train on', () => {
      putPlanetoid(task, 'cora', 'write("ally", np.eye(7, dtype=np.int32)[others % 7 * (others > 6)])');
      expect(task.python('-c', SPLIT).stdout).toContain('ind.cora.ally does not begin with 20 papers of each subject.');
    });
  },
);

describe.skipIf(!hasPackages('torch', 'torch_geometric', 'scipy', 'yaml'))(
  'training (skipped where python3 has no PyTorch Geometric)',
  SLOW_IMPORT,
  () => {
    test('a generated graph gives a curve, the same one again, and every row says what it is', () => {
      const first = task.train(SMALL, '--stand-in');
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain('STAND-IN DATA');
      const names = ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy', 'seconds'];
      expect(rowsOf(first.log).map((row) => Object.keys(row))).toEqual([['trivial_accuracy'], names, names, names]);
      expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(4);
      const again = task.train(SMALL, '--stand-in', '--evaluate');
      expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
      expect(Object.keys(rowsOf(again.log)[4] ?? {})).toEqual(['test_loss', 'test_accuracy']);
    });

    test('real files are learned, and the test papers are measured only when asked', () => {
      putPlanetoid(task, 'cora');
      const { stderr, stdout, log } = task.train({ ...SMALL, epochs: 100, dropout: 0 });
      expect(stderr).toBe('');
      expect(stdout).toContain(`700 papers and 1,400 citations in ${task.folder}/data`);
      expect(log).not.toMatch(/test|stand-in/);
      const rows = rowsOf(log);
      expect(rows[0]).toEqual({ trivial_accuracy: 0.144 });
      expect(rows.at(-1)?.['val_accuracy']).toBeGreaterThan(0.9);
    });

    test('a layer is the formula of the paper, written out with dense matrices', () => {
      const script = `
import torch
from model import GCN
from scipy.sparse import csr_matrix
from sparse_rows import adjacency, to_tensor
import numpy as np
network = GCN(3, 5, 2, 2, "relu", 0.5).eval()
features, edges = np.array([[1, 0, 2], [0, 1, 0], [0, 0, 1], [1, 1, 0]]), np.array([[0, 1], [1, 2]])
actual = network(to_tensor(csr_matrix(features), "cpu"), to_tensor(adjacency(edges, 4), "cpu"))
near = torch.eye(4)
near[0, 1] = near[1, 0] = near[1, 2] = near[2, 1] = 1
near = near / (near.sum(1, keepdim=True) * near.sum(0)).sqrt()
first, last = ((each.lin.weight.T, each.bias) for each in network.layers)
hidden = torch.relu(near @ torch.tensor(features).float() @ first[0] + first[1])
print(torch.allclose(actual, near @ hidden @ last[0] + last[1], atol=1e-6))
`;
      expect(task.python('-c', script)).toMatchObject({ stdout: 'True\n', stderr: '' });
    });

    test.each<Record<string, string | number>>([
      { num_layers: 1, optimizer: 'sgd' },
      { num_layers: 5, activation: 'silu' },
    ])('%j trains', (config) => {
      const { stderr, log } = task.train({ ...SMALL, ...config }, '--stand-in');
      expect(stderr).toBe('');
      expect(rowsOf(log)).toHaveLength(4);
    });

    test('no data is a failure of the data, and a loss that explodes is a divergence', () => {
      const none = task.train(SMALL);
      expect(none.stderr).toMatch(/^Dataset not found: Cora is not there.*prepare_data.py.*--stand-in/);
      expect(causeOf(none.stderr)).toBe('data');
      const exploded = task.train({ ...SMALL, optimizer: 'sgd', learning_rate: 1e30, epochs: 9 }, '--stand-in');
      expect(exploded.status).toBe(1);
      expect(causeOf(exploded.stderr)).toBe('diverged');
    });
  },
);
