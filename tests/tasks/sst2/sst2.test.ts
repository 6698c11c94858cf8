import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainFailure } from '../../../training/failure-cause.ts';
import { hasPackages } from '../task-copy.ts';
import { copyTextTask, putInHubCache, type TextTask } from '../text-task.ts';
import { rowsOf, withoutTime } from '../training-results.ts';

const TINY = {
  weights: 'random',
  dim: 32,
  n_heads: 2,
  max_tokens: 24,
  epochs: 2,
  train_texts: 200,
  whole_data: false,
  batch_size: 32,
  threads: 1,
};
const FILES = ['train.tsv', 'dev.tsv', 'test.tsv'];

let task: TextTask;

beforeEach(() => {
  task = copyTextTask('sst2');
});

afterEach(() => task.remove());

/** Sentences in the published format: lower case, words and marks apart, a tab, the label. */
function putSentences(count = 40): void {
  const line = (_: unknown, index: number) =>
    index % 2 === 0 ? `a fine film , number ${index}\t1\n` : `it 's dull , number ${index}\t0\n`;
  for (const file of FILES) task.putData(file, Array.from({ length: count }, line).join(''));
}

describe('reading the sentences', () => {
  const read = (mustBeWhole: 'True' | 'False') =>
    task.run(
      `import dataset; texts, labels = dataset.read_table("dev.tsv", ${mustBeWhole}); print(texts[:2], labels[:4])`,
    );

  test('the published format', () => {
    putSentences();
    const { stdout, stderr } = read('False');
    expect(stderr).toBe('');
    expect(stdout).toContain('40 sentences in');
    expect(stdout).toContain(`['a fine film , number 0', "it 's dull , number 1"] [1, 0, 1, 0]`);
  });

  test.each([
    ['no label', 'good\t1\nbad\n', 'line 2 is not "sentence<TAB>0" or "sentence<TAB>1"'],
    ['another label', 'good\t1\nso so\t2\n', 'line 2 is not'],
    ['no sentence', '\t1\n', 'line 1 is not'],
    ['one class alone', 'good\t1\nfine\t1\n', 'has 2 sentences, not both negative and positive ones'],
    ['nothing', '', 'has 0 sentences'],
  ])('a table with %s is refused, with its name and what to do', (_, content, message) => {
    putSentences();
    task.putData('dev.tsv', content);
    const { stderr } = read('False');
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/Dataset not found: \S+dev\.tsv .*Remove it and get the original\..*nlp\.stanford\.edu/);
  });

  test('a table that lost sentences is refused, unless a sample is meant', () => {
    putSentences();
    expect(read('True').stderr).toMatch(
      /dev\.tsv has 40 sentences instead of 872 \(whole_data: false in config\.yaml .*Remove it and get the original\./,
    );
    expect(read('False').stderr).toBe('');
  });

  test('a table that is not text is refused', () => {
    putSentences();
    expect(task.run("open('data/dev.tsv', 'wb').write(bytes([255, 254, 0]))").status).toBe(0);
    expect(read('False').stderr).toContain('cannot be read');
  });

  test('a missing table is named', () => {
    task.putData('train.tsv', 'good\t1\nbad\t0\n');
    expect(read('False').stderr).toContain('lacks dev.tsv, test.tsv');
  });
});

test('stand-in sentences are the same each time, differ between the parts and have both classes', () => {
  const { stdout } = task.run(`
import stand_in
train, val = stand_in.load_training({'train_texts': 500})
assert (train, val) == stand_in.load_training({'train_texts': 500})
assert train[0][:50] != val[0][:50] != stand_in.load_test({})[0][:50]
print(len(train[0]), sorted(set(train[1])), 0.4 < sum(train[1]) / 500 < 0.6)
`);
  expect(stdout).toBe('500 [0, 1] True\n');
});

const isReady = hasPackages('torch', 'transformers', 'yaml');

describe.skipIf(!isReady)('training (skipped where python3 has no PyTorch, transformers and PyYAML)', () => {
  test('trains, says what it trained on, and what is wrong', { timeout: 300_000 }, () => {
    putSentences();
    const standIn = { config: TINY, args: ['--stand-in'] };
    const trained = task.trainAll({
      standIn,
      again: { ...standIn, args: ['--stand-in', '--evaluate'] },
      learning: { ...standIn, config: { ...TINY, train_texts: 2000, learning_rate: 0.003, epochs: 3 } },
      relu: { config: { ...TINY, activation: 'relu' } },
      silu: { config: { ...TINY, activation: 'silu' }, args: ['--evaluate'] },
      exploding: { ...standIn, config: { ...TINY, learning_rate: 1e30 } },
      oneStep: { ...standIn, config: { ...TINY, train_texts: 32, epochs: 1, learning_rate: 1e30 } },
      published: { config: { weights: 'published', whole_data: false, threads: 1 } },
    });

    const epoch = ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy', 'seconds'];
    expect(trained.standIn.error).toBeNull();
    expect(trained.standIn.stdout).toContain('STAND-IN DATA');
    expect(rowsOf(trained.standIn.log).map((row) => Object.keys(row))).toEqual([['trivial_accuracy'], epoch, epoch]);
    expect(trained.standIn.log.match(/"data": "stand-in"/g)).toHaveLength(3);
    expect(withoutTime(trained.again.log).startsWith(withoutTime(trained.standIn.log))).toBe(true);
    expect(Object.keys(rowsOf(trained.again.log)[3] ?? {})).toEqual(['test_loss', 'test_accuracy']);

    const learning = rowsOf(trained.learning.log);
    expect(learning[3]?.['val_accuracy']).toBeGreaterThan(Number(learning[0]?.['trivial_accuracy']) + 0.1);

    expect(trained.relu).toMatchObject({ error: null, stdout: expect.not.stringContaining('test.tsv') });
    expect(trained.relu.log.match(/"data": "sst2"/g)).toHaveLength(3);
    expect(trained.silu).toMatchObject({ error: null, stdout: expect.stringContaining('test.tsv') });

    expect(trained.exploding.error).toMatch(
      /^FloatingPointError: the training diverged in epoch \d: train_loss nan, val_loss nan$/,
    );
    // The loss of the only step is that of the untrained network; what the step did shows in validation.
    expect(trained.oneStep.error).toMatch(/diverged in epoch 1: train_loss 0\.\d+, val_loss (nan|inf)$/);
    expect(trained.published.error).toMatch(
      /^WeightsNotFoundError: Weights not found: distilbert\S+ .*hf download distilbert/,
    );
  });

  test('published weights come from the cache of Hugging Face', { timeout: 300_000 }, () => {
    putSentences();
    const texts = "['a fine film', 'it is a dull film']";
    const put = task.run(putInHubCache(`model.build({**config, 'dim': 32, 'n_heads': 2}, ${texts}, classes=2)`));
    expect(put.stderr).toBe('');
    const { cached } = task.trainAll({ cached: { config: { ...TINY, weights: 'published', activation: 'relu' } } });
    expect(cached.error).toBeNull();
    expect(rowsOf(cached.log)).toHaveLength(3);
  });

  test('data that is not there is said in a line, as a failure of the data', { timeout: 120_000 }, () => {
    const { status, stderr } = task.python('train.py');
    expect(stderr).toMatch(/^Dataset not found: .*prepare_data\.py.*--stand-in/);
    expect(explainFailure({ exitCode: status, signal: null, outcome: 'exited', output: stderr }).cause).toBe('data');
  });
});
