import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { movieLensSample, putMovieLens } from '../movielens-files.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { causeOf, withoutTime } from '../training-results.ts';

const SMALL = { embedding_size: 4, num_layers: 2, epochs: 2, patience: 0, users: 60, batch_size: 4096, threads: 1 };
const WHOLE = { users: 0, whole_data: false };

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('movielens-mf');
});

afterEach(() => task.remove());

test('without the files it says where they are to be had', () => {
  const { stdout } = task.python(
    '-c',
    'from prepare_data import MOVIELENS; print(MOVIELENS.ways_to_get_it(), MOVIELENS.downloads)',
  );
  expect(stdout).toContain('https://grouplens.org/datasets/movielens/1m/');
  expect(stdout).toContain('size_bytes=5917549');
  expect(stdout).toContain('a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20');
});

test('the archive as it comes gives the three files', () => {
  const script = `
import dataclasses, hashlib, io, pathlib, zipfile
import data_files
from prepare_data import ARCHIVE, MOVIELENS
content = io.BytesIO()
with zipfile.ZipFile(content, "w") as archive:
    for name in ("README", "movies.dat", "ratings.dat", "users.dat"):
        archive.writestr(f"ml-1m/{name}", name)
pathlib.Path("data").mkdir()
pathlib.Path("data/ml-1m.zip").write_bytes(content.getvalue())
size, digest = len(content.getvalue()), hashlib.sha256(content.getvalue()).hexdigest()
ours = dataclasses.replace(ARCHIVE, size_bytes=size, sha256=digest)
data_files.prepare(dataclasses.replace(MOVIELENS, downloads=((None, ours),)))
print(sorted(path.name for path in pathlib.Path("data").iterdir()), pathlib.Path("data/users.dat").read_text())
`;
  const { stdout, stderr } = task.python('-c', script);
  expect(stderr).toBe('');
  expect(stdout).toContain("['ml-1m.zip', 'movies.dat', 'ratings.dat', 'users.dat'] users.dat");
});

describe.skipIf(!hasPackages('numpy'))('the likes (skipped where python3 has no NumPy)', () => {
  const load = (wholeData: 'True' | 'False') =>
    task.python(
      '-c',
      `
import dataset
from data_files import DataNotFoundError
try:
    split = dataset.load(0, ${wholeData}, False)
    parts = {name: {(int(u), int(m)) for u, m in zip(part.users, part.movies)} for name, part in vars(split).items() if "count" not in name}
    print(split.user_count, split.movie_count, {name: len(pairs) for name, pairs in parts.items()}, len(set().union(*parts.values())))
    print(sorted({sum(user == each for user, _ in parts["val"]) for each in range(split.user_count)}))
except DataNotFoundError as error:
    print(error)
`,
    );

  test('are the ratings from 3 stars, and each user has a tenth for validation and a tenth for the test', () => {
    putMovieLens(task);
    const { stdout, stderr } = load('False');
    expect(stderr).toBe('');
    const likes = movieLensSample().ratings.filter((line) => line.split('::')[2] === '4').length;
    expect(stdout).toContain(`1,000 ratings in ${task.folder}/data/ratings.dat`);
    expect(stdout).toContain(`40 30 {'train': ${likes - 80}, 'val': 40, 'test': 40} ${likes}`);
    expect(stdout).toContain('\n[1]\n');
  });

  test('a part of the ratings is refused unless config.yaml says that a sample is meant', () => {
    putMovieLens(task);
    expect(load('True').stdout).toMatch(/ratings\.dat has 1,000 lines, MovieLens 1M 1,000,209.*whole_data: false/);
  });

  test.each([
    ['1::31::4', 'should hold 4 fields a line with :: between them; line 2 is'],
    ['1::31::6::978300760', 'should hold ratings from 1 to 5, and line 2 has 6'],
    ['1::31::four::978300760', 'should hold whole numbers only'],
    ['', 'line 2 is'],
  ])('a line that is %j is named', (line, message) => {
    const files = movieLensSample();
    files.ratings[1] = line;
    putMovieLens(task, files);
    const { stdout } = load('False');
    expect(stdout).toContain(`${task.folder}/data/ratings.dat ${message.startsWith('line') ? '' : message}`);
    expect(stdout).toContain(message);
    expect(stdout).toContain('https://grouplens.org');
  });

  test('an empty file, and users with too few likes to hold any out, are said to be incomplete', () => {
    putMovieLens(task, { ...movieLensSample(), ratings: [] });
    expect(load('False').stdout).toContain('ratings.dat has 0 lines');
    putMovieLens(task, { ...movieLensSample(), ratings: movieLensSample().ratings.slice(0, 8) });
    expect(load('False').stdout).toContain('no user has 10 or more ratings of 3 stars');
  });
});

describe.skipIf(!hasPackages('torch', 'numpy', 'yaml'))(
  'training (skipped where python3 has no PyTorch and PyYAML)',
  SLOW_IMPORT,
  () => {
    test('NDCG@10 is 1 for the held-out movies first, less further down, and what was seen is not listed', () => {
      const script = `
import numpy as np, torch
from dataset import Likes
from ranking import ndcg
pairs = lambda *rows: Likes(*np.array(rows).T)
scores = torch.arange(20, 0, -1).float()
first = lambda users: scores.expand(len(users), -1)
print(ndcg(first, pairs((3, 0), (3, 1)), seen=[]))
print(ndcg(first, pairs((3, 2)), seen=[]))
print(ndcg(first, pairs((3, 2)), seen=[pairs((3, 0), (3, 1), (4, 2))]))
print(ndcg(first, pairs((3, 0), (5, 10)), seen=[]))
`;
      expect(task.python('-c', script)).toMatchObject({ stdout: '1.0\n0.5\n1.0\n0.5\n', stderr: '' });
    });

    test('the layers and their gradient are those of the formula, written out with dense matrices', () => {
      const script = `
import numpy as np, torch
from dataset import Likes
from model import LightGCN
network = LightGCN(Likes(np.array([0, 0, 1]), np.array([0, 1, 1])), 2, 3, 4, 2)
likes = torch.tensor([[1., 1, 0], [0, 1, 0]])
share = torch.nan_to_num(likes / (likes.sum(1, keepdim=True) * likes.sum(0)).sqrt())
matrix = torch.zeros(5, 5); matrix[:2, 2:], matrix[2:, :2] = share, share.T
table = network.embedding.weight.detach().clone().requires_grad_()
expected = (table + matrix @ table + matrix @ matrix @ table) / 3
actual = torch.cat(network())
expected.pow(2).sum().backward(); actual.pow(2).sum().backward()
print(torch.allclose(actual, expected), torch.allclose(network.embedding.weight.grad, table.grad))
`;
      expect(task.python('-c', script)).toMatchObject({ stdout: 'True True\n', stderr: '' });
    });

    test('stand-in ratings give a curve, the same one again, and say what they are in every row', () => {
      const first = task.train(SMALL, '--stand-in');
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain('STAND-IN DATA');
      const rows = (log: string) => parseTrainingLog(log, 'jsonl').rows.map((row) => Object.keys(row));
      const names = ['epoch', 'train_loss', 'val_ndcg_at_10', 'seconds'];
      expect(rows(first.log)).toEqual([['trivial_val_ndcg_at_10'], names, names]);
      expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(3);
      const again = task.train(SMALL, '--stand-in', '--evaluate');
      expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
      expect(rows(again.log)[3]).toEqual(['test_ndcg_at_10']);
    });

    test('files in the published format are learned from, and popularity is beaten', () => {
      putMovieLens(task);
      const { stderr, log } = task.train({ ...SMALL, ...WHOLE, embedding_size: 16, epochs: 40, learning_rate: 0.05 });
      expect(stderr).toBe('');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(log).not.toContain('stand-in');
      expect(Number(rows.at(-1)?.['val_ndcg_at_10'])).toBeGreaterThan(
        1.2 * Number(rows[0]?.['trivial_val_ndcg_at_10']),
      );
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
        /diverged in epoch 1: train_loss \d\S*, val_ndcg_at_10 (nan|inf)$/m,
      );
    });
  },
);
