import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { movieLensSample, putMovieLens } from '../movielens-files.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { causeOf, withoutTime } from '../training-results.ts';

const SMALL = { epochs: 2, patience: 0, train_ratings: 3000, val_ratings: 1000, batch_size: 1024, threads: 1 };
const SAMPLE = { train_ratings: 0, val_ratings: 0, whole_data: false };

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('movielens-ctr');
});

afterEach(() => task.remove());

describe.skipIf(!hasPackages('numpy'))('the fields (skipped where python3 has no NumPy)', () => {
  const load = (trainCount: number, code: string) =>
    task.python(
      '-c',
      `
import dataset
from data_files import DataNotFoundError
try:
    split = dataset.load(${trainCount}, 0, False, False)
    ${code}
except DataNotFoundError as error:
    print(error)
`,
    );

  test('are indices from 0 for each user, movie, gender, age, occupation and region, and shares of the genres', () => {
    putMovieLens(task);
    const code =
      'print(split.sizes, split.train.fields[:, :2].max(0), split.genres[:3].tolist(), len(split.test.is_good))';
    const { stdout, stderr } = load(0, code);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^\(40, 30, 2, 1, 21, 40\) \[39 29\] \[\[0\.5, 0\.5\], \[1\.0, 0\.0\], \[0\.5, 0\.5\]\] 100$/m,
    );
  });

  test('the validation ratings are the same whatever is trained on, and none of them is trained on', () => {
    putMovieLens(task);
    const code = `
    movies_of = lambda part: set(map(tuple, part.fields[:, :2].tolist()))
    print(len(movies_of(split.val) & movies_of(split.train)), len(split.train.fields), sorted(movies_of(split.val)))
`;
    const shown = (trainCount: number) => load(trainCount, code.trim()).stdout.split('\n').slice(1).join('\n');
    expect(shown(0)).toMatch(/^0 800 /);
    expect(shown(100)).toBe(shown(0).replace('0 800', '0 100'));
  });

  test.each([
    ['users', (line: string) => line.replace('1::', 'one::'), 'users.dat should begin each line with a whole number'],
    [
      'users',
      (line: string) => line.replace('::25', ''),
      'users.dat should hold 5 fields a line with :: between them; line 1',
    ],
    ['movies', () => '', 'movies.dat should hold 3 fields a line with :: between them; line 1'],
    ['movies', (line: string) => line.replace('1::', '2::'), 'movies.dat lacks 1, which a line of ratings.dat names'],
  ] as const)('a wrong first line of %s.dat is named (%#)', (name, spoil, message) => {
    const files = movieLensSample();
    files[name][0] = spoil(files[name][0] ?? '');
    putMovieLens(task, files);
    const { stdout } = load(0, 'pass');
    expect(stdout).toContain(message);
    expect(stdout).toContain('https://grouplens.org');
  });

  test('ratings that are all good cannot be told apart, which is said', () => {
    const files = movieLensSample();
    putMovieLens(task, { ...files, ratings: files.ratings.map((line) => line.replace('::2::', '::5::')) });
    expect(load(0, 'pass').stdout).toContain('has only good ones, or none of them');
  });

  test('AUC counts the pairs in the right order, half for a tie', () => {
    const script = `
import numpy as np
from auc import auc
random = np.random.default_rng(0)
scores, is_good = random.integers(0, 9, 200), random.integers(0, 2, 200)
above = scores[is_good == 1][:, None] - scores[is_good == 0]
print(auc(np.zeros(4), np.array([0, 1, 0, 1])), auc(np.array([1, 2, 3]), np.array([0, 1, 1])))
print(np.isclose(auc(scores, is_good), (above > 0).mean() + (above == 0).mean() / 2))
`;
    expect(task.python('-c', script)).toMatchObject({ stdout: '0.5 1.0\nTrue\n', stderr: '' });
  });
});

describe.skipIf(!hasPackages('torch', 'numpy', 'yaml'))(
  'training (skipped where python3 has no PyTorch and PyYAML)',
  SLOW_IMPORT,
  () => {
    test('the machine’s part of the score is the sum over all pairs of fields', () => {
      const script = `
import torch
from model import DeepFM
network = DeepFM((3, 2), torch.tensor([[1., 0], [0.5, 0.5]]), 4, 8, 1, 0.0)
for part in network.network: getattr(part, "weight", torch.ones(1)).data.zero_(); getattr(part, "bias", torch.ones(1)).data.zero_()
score, embeddings = network(torch.tensor([[2, 1]]))
a, b, c = embeddings[0]
linear = network.weights.weight[[2, 4]].sum() + network.genre_weights.weight.mean()
print(embeddings.shape, torch.allclose(score, a @ b + a @ c + b @ c + linear))
`;
      expect(task.python('-c', script)).toMatchObject({ stdout: 'torch.Size([1, 3, 4]) True\n', stderr: '' });
    });

    test('stand-in ratings give a curve, the same one again, and say what they are in every row', () => {
      const first = task.train(SMALL, '--stand-in');
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain('STAND-IN DATA');
      const rows = (log: string) => parseTrainingLog(log, 'jsonl').rows.map((row) => Object.keys(row));
      const names = ['epoch', 'train_loss', 'val_loss', 'val_auc', 'seconds'];
      expect(rows(first.log)).toEqual([['trivial_val_auc'], names, names]);
      expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(3);
      const again = task.train(SMALL, '--stand-in', '--evaluate');
      expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
      expect(rows(again.log)[3]).toEqual(['test_loss', 'test_auc']);
    });

    test('files in the published format are learned from, and the movies alone are beaten', () => {
      putMovieLens(task);
      const { stderr, log } = task.train({ ...SMALL, ...SAMPLE, epochs: 30, learning_rate: 0.02, batch_size: 256 });
      expect(stderr).toBe('');
      expect(log).not.toContain('stand-in');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(Number(rows[0]?.['trivial_val_auc'])).toBeLessThan(0.7);
      expect(Number(rows.at(-1)?.['val_auc'])).toBeGreaterThan(0.9);
    });

    test('no files are a failure of the data, a loss that explodes one of the training', () => {
      const none = task.train(SMALL);
      expect(none.status).toBe(1);
      expect(none.stderr).toMatch(/^Dataset not found: MovieLens 1M .*prepare_data\.py.*--stand-in/);
      expect(causeOf(none.stderr)).toBe('data');
      const exploded = task.train({ ...SMALL, optimizer: 'sgd', learning_rate: 1e30 }, '--stand-in');
      expect(causeOf(exploded.stderr)).toBe('diverged');
      // The loss of the only step is that of the untrained network; what the step did shows in validation.
      const oneStep = { ...SMALL, optimizer: 'sgd', learning_rate: 1e30, batch_size: 1_000_000, epochs: 1 };
      expect(task.train(oneStep, '--stand-in').stderr).toMatch(
        /diverged in epoch 1: train_loss \d\S*, val_loss (nan|inf)$/m,
      );
    });
  },
);
