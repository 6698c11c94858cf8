import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainFailure } from '../../../training/failure-cause.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { copyTextTask, hasPackages, type TextTask, withoutTime } from '../text-task.ts';

const TINY = {
  weights: 'random',
  dim: 16,
  n_heads: 2,
  max_tokens: 16,
  epochs: 2,
  train_texts: 200,
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
  const READ = 'import dataset; texts, labels = dataset.read_table("dev.tsv"); print(texts[:2], labels[:4])';

  test('the published format', () => {
    putSentences();
    const { stdout, stderr } = task.run(READ);
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
    const { stderr } = task.run(READ);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/Dataset not found: \S+dev\.tsv .*Remove it and get the original\..*nlp\.stanford\.edu/);
  });

  test('a table that is not text is refused', () => {
    putSentences();
    expect(task.run("open('data/dev.tsv', 'wb').write(bytes([255, 254, 0]))").status).toBe(0);
    expect(task.run(READ).stderr).toContain('cannot be read');
  });

  test('a missing table is named', () => {
    task.putData('train.tsv', 'good\t1\nbad\t0\n');
    expect(task.run(READ).stderr).toContain('lacks dev.tsv, test.tsv');
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
  test('stand-in sentences give the trivial baseline and a curve, the same again, and say what they are', () => {
    const first = task.train(TINY, '--stand-in');
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('STAND-IN DATA');
    const names = ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy', 'seconds'];
    const { rows } = parseTrainingLog(first.log, 'jsonl');
    expect(rows.map((row) => Object.keys(row))).toEqual([['trivial_accuracy'], names, names]);
    expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(3);
    const again = task.train({}, '--stand-in', '--evaluate');
    expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
    expect(Object.keys(parseTrainingLog(again.log, 'jsonl').rows[3] ?? {})).toEqual(['test_loss', 'test_accuracy']);
  });

  test('a network that learns beats the trivial baseline, by the words alone', () => {
    const { log } = task.train({ ...TINY, train_texts: 2000, learning_rate: 0.01, epochs: 3 }, '--stand-in');
    const { rows } = parseTrainingLog(log, 'jsonl');
    expect(Number(rows[3]?.['val_accuracy'])).toBeGreaterThan(Number(rows[0]?.['trivial_accuracy']) + 0.1);
  });

  test('real files train with every activation, and the test sentences are opened only when asked', () => {
    putSentences();
    for (const activation of ['gelu', 'relu', 'silu']) {
      const { stdout, stderr, log } = task.train({ ...TINY, activation, epochs: 1 });
      expect(stderr).toBe('');
      expect(stdout).not.toContain('test.tsv');
      expect(log.match(/"data": "sst2"/g)).toHaveLength(2);
    }
    expect(task.train({}, '--evaluate').stdout).toContain('40 sentences in');
  });

  test('no data, damaged data and published weights out of reach are said in a line', () => {
    const none = task.train(TINY);
    expect(none.stderr).toMatch(/^Dataset not found: .*prepare_data\.py.*--stand-in/);
    expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: none.stderr }).cause).toBe('data');
    putSentences();
    const weights = task.train({ weights: 'published' });
    expect(weights.status).toBe(1);
    expect(weights.stderr).toMatch(
      /^Weights not found: distilbert\S+ .*hf download distilbert.*--revision [0-9a-f]{40}/,
    );
  });

  test('a loss that explodes ends the training as diverged', () => {
    const { status, stderr } = task.train({ ...TINY, learning_rate: 1e30 }, '--stand-in');
    expect(status).toBe(1);
    expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('diverged');
  });
});
