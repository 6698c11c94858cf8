import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putPlanetoid } from '../planetoid-files.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { causeOf, rowsOf, withoutTime } from '../training-results.ts';

const SMALL = { epochs: 3, threads: 1, hidden_channels: 16, out_channels: 16 };
const NO_WORDS = '(folder / "ind.pubmed.allx").unlink()';

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('pubmed');
});

afterEach(() => task.remove());

test('where the files come from is pinned to a commit and a checksum', () => {
  const script = 'from prepare_data import PUBMED; print(PUBMED.ways_to_get_it(), PUBMED.downloads)';
  const { stdout } = task.python('-c', script);
  expect(stdout).toContain('https://github.com/kimiyoung/planetoid/tree/master/data');
  expect(stdout).toContain('planetoid/af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/ind.pubmed.allx');
  expect(stdout).toContain('508e538e2abdccdd54c4d3e9f49d638b4af7107d85845f66ddea5a5152658b7e');
});

test('a folder with the graph alone is enough to train without words, which is said in a line', () => {
  task.putData('ind.pubmed.graph', 'anything');
  const { status, stdout } = prepareFor('auto');
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Without the papers' words: ind\.pubmed\.allx, ind\.pubmed\.tx, ind\.pubmed\.test\.index could not be had \(.*\)\n$/,
  );
  expect(prepareFor('none').stdout).toBe(`The graph of Pubmed is there: ${task.folder}/data\n`);
  const { status: failed, stderr } = prepareFor('words');
  expect(failed).toBe(1);
  expect(stderr).toContain('lacks ind.pubmed.allx, ind.pubmed.tx, ind.pubmed.test.index.');
});

/** As for a study with these features. */
function prepareFor(features: string) {
  const changes = JSON.stringify({ features });
  return task.python(
    '-c',
    `
import os, runpy
os.environ['AGENTHPO_CONFIG_CHANGES'] = '${changes}'
runpy.run_path('prepare_data.py', run_name='__main__')
`,
  );
}

describe.skipIf(!hasPackages('numpy', 'scipy'))(
  'the split (skipped where python3 has no NumPy and SciPy)',
  SLOW_IMPORT,
  () => {
    const load = (features: string) =>
      task.python(
        '-c',
        `
import dataset
from data_files import DataNotFoundError
try:
    each, kind = dataset.load("${features}")
    parts = (each.train, each.validation.citations, each.test.citations, each.validation.others, each.test.others)
    sets = [set(map(tuple, part.tolist())) for part in parts]
    print(kind, each.features.shape, [len(part) for part in sets], len(set().union(*sets)))
    again, _ = dataset.load("${features}")
    print((again.train == each.train).all(), (again.test.others == each.test.others).all())
except DataNotFoundError as error:
    print(error)
`,
      );

    test('keeps 5 % and 10 % of the citations apart, with as many pairs that are none, always the same', () => {
      putPlanetoid(task, 'pubmed');
      const { stdout, stderr } = load('auto');
      expect(stderr).toBe('');
      expect(stdout).toContain('words (700, 27) [1190, 70, 140, 70, 140] 1610\n');
      expect(stdout).toContain('True True');
    });

    test('is the same without words, where every paper is a row of its own', () => {
      putPlanetoid(task, 'pubmed', NO_WORDS);
      expect(load('none').stdout).toContain('none (700, 700) [1190, 70, 140, 70, 140] 1610\n');
    });

    test('without allx, auto says that there are no words, and words names both ways out', () => {
      putPlanetoid(task, 'pubmed', NO_WORDS);
      const auto = load('auto').stdout;
      expect(auto).toContain(`Training without words (features: none). ${task.folder}/data lacks ind.pubmed.allx.`);
      expect(auto).toContain('none (700, 700)');
      const words = load('words').stdout;
      expect(words).toContain(`Dataset not found: ${task.folder}/data lacks ind.pubmed.allx. Complete that folder`);
      expect(words).toContain('Or train on the citations alone: `features: none` in config.yaml.');
    });

    test('a damaged allx is an error with auto too', () => {
      putPlanetoid(task, 'pubmed', '(folder / "ind.pubmed.allx").write_bytes(b"cut")');
      expect(load('auto').stdout).toContain('ind.pubmed.allx could not be read');
    });

    test('words of fewer papers than the graph has are refused', () => {
      putPlanetoid(task, 'pubmed', 'graph[700] = [0]; graph[0].append(700); write("graph", graph)');
      expect(load('words').stdout).toContain('ind.pubmed.graph has 701 nodes, and allx and tx have 700 rows');
    });
  },
);

describe.skipIf(!hasPackages('torch', 'torch_geometric', 'scipy', 'yaml'))(
  'training (skipped where python3 has no PyTorch Geometric)',
  SLOW_IMPORT,
  () => {
    test('the AUC is the share of links above other pairs, and a tie counts half', () => {
      const script = `
import numpy as np
from train import area_under_curve
print(area_under_curve(np.array([3., 2.]), np.array([1., 0.])), area_under_curve(np.array([0.]), np.array([1.])))
print(area_under_curve(np.array([2., 1.]), np.array([1., 0., 5.])))
`;
      expect(task.python('-c', script)).toMatchObject({ stdout: '1.0 0.0\n0.5833333333333334\n', stderr: '' });
    });

    test('a generated graph gives a curve, the same one again, and every row says what it is', () => {
      const first = task.train(SMALL, '--stand-in');
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain('STAND-IN DATA');
      const names = ['epoch', 'train_loss', 'val_loss', 'val_auc', 'seconds'];
      expect(rowsOf(first.log).map((row) => Object.keys(row))).toEqual([['trivial_auc'], names, names, names]);
      expect(first.log.match(/"features": "words", "data": "stand-in"/g)).toHaveLength(4);
      const again = task.train(SMALL, '--stand-in', '--evaluate');
      expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
      expect(Object.keys(rowsOf(again.log)[4] ?? {})).toEqual(['test_loss', 'test_auc']);
    });

    test('real files are learned without words, which every row says, and the test pairs stay out of it', () => {
      putPlanetoid(task, 'pubmed', NO_WORDS);
      const { stderr, log } = task.train({ ...SMALL, epochs: 150, learning_rate: 0.05 });
      expect(stderr).toBe('');
      expect(log.match(/"features": "none"/g)).toHaveLength(151);
      expect(log).not.toMatch(/test|stand-in/);
      const rows = rowsOf(log);
      expect(rows.at(-1)?.['val_auc']).toBeGreaterThan((rows[0]?.['trivial_auc'] ?? 1) + 0.2);
    });

    test('five layers with sgd, elu and dropout train', () => {
      const config = { ...SMALL, num_layers: 5, optimizer: 'sgd', activation: 'elu', dropout: 0.5 };
      const { stderr, log } = task.train(config, '--stand-in');
      expect(stderr).toBe('');
      expect(rowsOf(log)).toHaveLength(4);
    });

    test('no data is a failure of the data, and a loss that explodes is a divergence', () => {
      const none = task.train(SMALL);
      expect(none.stderr).toMatch(/^Dataset not found: Pubmed is not there.*prepare_data.py.*--stand-in/);
      expect(causeOf(none.stderr)).toBe('data');
      const exploded = task.train({ ...SMALL, optimizer: 'sgd', learning_rate: 1e30, epochs: 9 }, '--stand-in');
      expect(exploded.status).toBe(1);
      expect(causeOf(exploded.stderr)).toBe('diverged');
    });
  },
);
