import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasPackages } from '../task-copy.ts';
import { copyTextTask, putInHubCache, type TextTask } from '../text-task.ts';
import { rowsOf, withoutTime } from '../training-results.ts';

const TINY = {
  weights: 'random',
  d_model: 64,
  max_tokens: 24,
  vocabulary_size: 400,
  train_pairs: 60,
  val_pairs: 20,
  epochs: 2,
  learning_rate: 0.003,
  whole_data: false,
  threads: 1,
};

let task: TextTask;

beforeEach(() => {
  task = copyTextTask('opus-books');
});

afterEach(() => task.remove());

/** The published “moses” format: two files, line n of one translates line n of the other. */
function putBooks(pairs = 600): void {
  const lines = (text: (index: number) => string) =>
    Array.from({ length: pairs }, (_, index) => `${text(index)}\n`).join('');
  task.putData(
    'Books.en-fr.en',
    lines((index) => `“Chapter ${index},” he said.`),
  );
  task.putData(
    'Books.en-fr.fr',
    lines((index) => `« Chapitre ${index} », dit-il.`),
  );
}

/** Multi30k’s: the same, compressed, in three parts. */
function putCaptions(pairs = 60): void {
  for (const part of ['train', 'val', 'test_2016_flickr'])
    for (const [language, word] of [
      ['en', 'A dog runs'],
      ['fr', 'Un chien court'],
    ] as const) {
      const text = Array.from({ length: pairs }, (_, index) => `${word} ${index}.\n`).join('');
      task.putData(`${part}.${language}.gz`, gzipSync(text));
    }
}

const load = (dataset: string, more = '') =>
  task.run(`
import dataset
config = {'dataset': '${dataset}', 'max_words': 0, 'train_pairs': 0, 'val_pairs': 0, 'whole_data': False}
parts = {part: dataset.load(part, config) for part in ('train', 'val', 'test')}
${more}`);

describe('reading the sentences', () => {
  test('OPUS Books: pairs stay pairs, and an English sentence is in one part alone', () => {
    putBooks();
    const { stdout, stderr } = load(
      'opus-books',
      `
sentences = [english for pairs in parts.values() for english, _ in pairs]
print(len(sentences), len(set(sentences)), all(len(pairs) > 0 for pairs in parts.values()))
print([pair for pairs in parts.values() for pair in pairs if '“Chapter 17,”' in pair[0]])
print(len(dataset.load('train', {**config, 'max_words': 3})))
try:
    dataset.load_training({**config, 'train_pairs': 4000})
except dataset.DataNotFoundError as error:
    print(error)
`,
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('600 600 True');
    expect(stdout).toContain("[('“Chapter 17,” he said.', '« Chapitre 17 », dit-il.')]");
    expect(stdout).toMatch(/^0$/m); // the sides have four words and five
    expect(stdout).toMatch(/Dataset not found in full: config\.yaml asks for 4,000 pairs of a part that has 5\d\d\./);
  });

  test('Multi30k: its own three parts', () => {
    putCaptions();
    const { stdout, stderr } = load('multi30k', "print(parts['test'][0], [len(part) for part in parts.values()])");
    expect(stderr).toBe('');
    expect(stdout).toContain("('A dog runs 0.', 'Un chien court 0.') [60, 60, 60]");
  });

  test.each([
    [
      'sides of different length',
      'un\ndeux\ntrois\n',
      'has 3 lines and Books.en-fr.en has 2: they are not translations',
    ],
    ['no sentence on one side', '\n\n', 'holds no sentence'],
    ['the English sentences again', 'one\ndeux\n', 'is no translation: 1 of 2 lines are those of Books.en-fr.en'],
    ['bytes that are no text', Buffer.from([255, 254, 10, 10]), 'cannot be read'],
  ])('OPUS Books with %s are refused', (_, french, message) => {
    task.putData('Books.en-fr.en', 'one\ntwo\n');
    task.putData('Books.en-fr.fr', french);
    const { status, stderr } = load('opus-books');
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/Remove it and get the original\. .*opus\.nlpl\.eu/);
  });

  test.each([
    ['opus-books', 'Books.en-fr.en has 600 lines instead of 127,085 (whole_data: false'],
    ['multi30k', 'train.en.gz has 60 lines instead of 29,000 (whole_data: false'],
  ])('%s that lost sentences is refused, unless a sample is meant', (name, message) => {
    putBooks();
    putCaptions();
    const { stderr } = task.run(
      `import dataset; dataset.load('train', {'dataset': '${name}', 'max_words': 0, 'whole_data': True})`,
    );
    expect(stderr).toContain(message);
    expect(stderr).toContain('Remove it and get the original.');
    expect(load(name).stderr).toBe('');
  });

  test('a compressed file that is cut short is refused', () => {
    putCaptions();
    const path = join(task.folder, 'data', 'val.fr.gz');
    writeFileSync(path, readFileSync(path).subarray(0, 40));
    expect(load('multi30k').stderr).toMatch(/val\.fr\.gz cannot be read .*Remove it/);
  });

  test('what is missing is said; one set never stands in for the other', () => {
    putCaptions();
    expect(load('opus-books').stderr).toMatch(/OPUS Books.* is not there\. Run `python prepare_data\.py`/);
    rmSync(join(task.folder, 'data', 'val.fr.gz'));
    expect(load('multi30k').stderr).toContain('lacks val.fr.gz');
    expect(load('books').stderr).toContain('books in config.yaml is unknown; opus-books and multi30k are known');
  });
});

test('the set that a study trains on has to be there, the other one need not', () => {
  putCaptions();
  const stdout = `Multi30k, English and French is there: ${task.folder}/data\n`;
  expect(task.prepareFor('multi30k')).toMatchObject({ status: 0, stdout, stderr: '' });
  const { status, stderr } = task.prepareFor('opus-books');
  expect(status).toBe(1);
  expect(stderr).toContain('Dataset not found: OPUS Books, English and French could not be had');
  expect(task.prepareFor('bible').stderr).toBe('dataset: bible is unknown; multi30k and opus-books are known\n');
});

test('a stand-in translation follows from the sentence, with adjectives behind their noun', () => {
  const { stdout, stderr } = task.run(`
import stand_in
words = dict(stand_in.DICTIONARY)
assert len(words) == len(set(words.values())) == 50
adjectives = {word for word, _ in stand_in.ADJECTIVES}
(sources, targets), val = stand_in.load_training({'train_pairs': 300, 'val_pairs': 10})
assert all(sorted(words[word] for word in here.split()) == sorted(there.split()) for here, there in zip(sources, targets))
moved = [here for here, there in zip(sources, targets) if [words[word] for word in here.split()] != there.split()]
print(all(adjectives & set(here.split()) for here in moved), 100 < len(moved) < 300, val == stand_in.generate(10, seed=2))
`);
  expect(stderr).toBe('');
  expect(stdout).toBe('True True True\n');
});

const isReady = hasPackages('torch', 'transformers', 'sacrebleu', 'yaml');

test.skipIf(!isReady)(
  'trains, says on what, and what is wrong (skipped where python3 has no PyTorch, transformers, sacrebleu and PyYAML)',
  { timeout: 300_000 },
  () => {
    putBooks();
    putCaptions();
    const trained = task.trainAll({
      books: { config: { ...TINY, dataset: 'opus-books', val_pairs: 0 } },
      captions: { config: { ...TINY, dataset: 'multi30k' }, args: ['--evaluate'] },
      standIn: { config: { ...TINY, train_pairs: 3000, epochs: 3 }, args: ['--stand-in'] },
      again: { config: { ...TINY, dataset: 'opus-books', val_pairs: 0 } },
      exploding: { config: { ...TINY, dataset: 'multi30k', learning_rate: 1e30 } },
      oneStep: {
        config: { ...TINY, dataset: 'multi30k', batch_size: 60, epochs: 1, learning_rate: 1e37, weight_decay: 30 },
      },
      published: { config: { dataset: 'multi30k', weights: 'published', whole_data: false, threads: 1 } },
    });

    const epoch = ['epoch', 'train_loss', 'val_loss', 'val_bleu', 'seconds'];
    expect(trained.books.error).toBeNull();
    expect(rowsOf(trained.books.log).map((row) => Object.keys(row))).toEqual([['trivial_bleu'], epoch, epoch]);
    expect(trained.books.log.match(/"data": "opus-books"/g)).toHaveLength(3);
    expect(withoutTime(trained.again.log)).toBe(withoutTime(trained.books.log));
    expect(trained.books.stdout).not.toContain('in the test part');
    expect(trained.captions.log.match(/"data": "multi30k"/g)).toHaveLength(4);
    expect(Object.keys(rowsOf(trained.captions.log)[3] ?? {})).toEqual(['test_loss', 'test_bleu']);

    expect(trained.standIn.stdout).toContain('STAND-IN DATA');
    expect(trained.standIn.log.match(/"data": "stand-in"/g)).toHaveLength(4);
    const rows = rowsOf(trained.standIn.log);
    expect(rows[3]?.['val_bleu']).toBeGreaterThan(Number(rows[0]?.['trivial_bleu']) + 5);

    expect(trained.exploding.error).toMatch(
      /^FloatingPointError: the training diverged in epoch \d: train_loss \S+, val_loss (nan|inf)$/,
    );
    // The loss of the only step is that of the untrained network; what the step did shows in validation.
    expect(trained.oneStep.error).toMatch(/diverged in epoch 1: train_loss \d\S*, val_loss (nan|inf)$/);
    expect(trained.published.error).toMatch(
      /^WeightsNotFoundError: Weights not found: google-t5\/t5-small .*hf download google-t5/,
    );
  },
);

test.skipIf(!isReady)(
  'published weights come from the cache of Hugging Face (skipped where python3 lacks what training needs)',
  { timeout: 300_000 },
  () => {
    putCaptions();
    const pairs = "(['A dog runs.'], ['Un chien court.'])";
    const put = task.run(putInHubCache(`model.build({**config, 'vocabulary_size': 60}, ${pairs})`));
    expect(put.stderr).toBe('');
    const { cached } = task.trainAll({ cached: { config: { ...TINY, dataset: 'multi30k', weights: 'published' } } });
    expect(cached.error).toBeNull();
    expect(rowsOf(cached.log)).toHaveLength(3);
  },
);
