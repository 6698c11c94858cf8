import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasPackages } from '../task-copy.ts';
import { copyTextTask, type TextTask } from '../text-task.ts';
import { rowsOf } from '../training-results.ts';

const HEADER = 'product_id,product_title,vendor_id,cluster_id,cluster_label,category_id,category_label\n';
const TINY = {
  weights: 'random',
  dim: 32,
  n_heads: 2,
  max_tokens: 16,
  epochs: 1,
  batch_size: 32,
  whole_data: false,
  threads: 1,
};

let task: TextTask;

beforeEach(() => {
  task = copyTextTask('ecommerce');
});

afterEach(() => task.remove());

/** Titles in the published format, three of each product, of which two are the same but for their case. */
function putTitles(products = 200): void {
  const title = (index: number, category: string) =>
    ['Maker', 'maker', 'shop'].map(
      (word, vendor) =>
        `${index * 3 + vendor},"${word} ${index}, ${category}",${vendor},${index},The ${index},1,${category}\n`,
    );
  const rows = Array.from({ length: products }, (_, index) => title(index, index % 3 === 0 ? 'TVs' : 'CPUs'));
  task.putData('pricerunner_aggregate.csv', HEADER + rows.flat().join(''));
}

function putDescriptions(): void {
  const rows = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0 ? `Books,"The tale of ""${index}"",\n told again"\n` : `Clothing & Accessories,shirt ${index}\n`,
  );
  task.putData('ecommerceDataset.csv', `${rows.join('')}${rows[0]}Household,\n`);
}

const load = (name: string, mustBeWhole: 'True' | 'False' = 'False') =>
  task.run(`import dataset; parts = dataset.load('${name}', ${mustBeWhole})`);

describe('reading the texts', () => {
  test('PriceRunner: a text once, a product in one part alone, its label no input', () => {
    putTitles();
    const { stdout, stderr } = task.run(`
import dataset
parts = dataset.load('pricerunner', False)
products = [{text.split(',')[0].split()[1] for text, _ in parts[name]} for name in ('train', 'val', 'test')]
assert not any('The' in text for part in parts.values() for text, _ in part)
print('products', sum(len(part) for part in products), len(set.union(*products)), all(products))
config = {'dataset': 'pricerunner', 'whole_data': False}
train, val = dataset.load_training({**config, 'train_texts': 20, 'val_texts': 10})
print(len(train[0]), len(val[0]), sorted(set(train[1])), val == dataset.load_training(
    {**config, 'train_texts': 50, 'val_texts': 10})[1])
`);
    expect(stderr).toBe('');
    expect(stdout).toContain('pricerunner: 400 different texts, 2 categories');
    expect(stdout).toContain('products 200 200 True');
    expect(stdout).toContain('20 10 [0, 1] True');
  });

  test('E-commerce text: quotes and line ends in a text, a text twice, one that is missing', () => {
    putDescriptions();
    const { stdout, stderr } = load('ecommerce');
    expect(stderr).toBe('');
    expect(stdout).toBe('ecommerce: 120 different texts, 2 categories\n');
  });

  test.each([
    ['pricerunner', 'pricerunner_aggregate.csv', 'title,label\na,b\n', 'its first line names no column product_title'],
    ['pricerunner', 'pricerunner_aggregate.csv', `${HEADER}1,a,2,3\n`, 'row 2 lacks one of product_title'],
    ['pricerunner', 'pricerunner_aggregate.csv', HEADER, 'has 0 texts'],
    ['pricerunner', 'pricerunner_aggregate.csv', '', 'names no column'],
    ['pricerunner', 'pricerunner_aggregate.csv', `${HEADER}1,"a`, 'cannot be read'],
    ['ecommerce', 'ecommerceDataset.csv', 'label,text\n', 'row 1 is not a label (Books, Clothing & Accessories,'],
    ['ecommerce', 'ecommerceDataset.csv', 'Books,a\nBooks,b\n', 'not some of at least two categories'],
  ])('%s: %s that holds %j is refused', (name, file, content, message) => {
    task.putData(file, content);
    const { status, stderr } = load(name);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Remove it and get the original.');
  });

  test('what is not there is said with its home; one set never stands in for the other', () => {
    putTitles();
    expect(load('ecommerce').stderr).toMatch(/E-commerce text .* is not there\..*zenodo\.3355823/);
    expect(load('pricerunners').stderr).toMatch(/pricerunners in config.yaml is unknown; ecommerce and pricerunner/);
  });
});

test.each([
  ['pricerunner', 'pricerunner_aggregate.csv has 600 texts instead of 35,311 (whole_data: false'],
  ['ecommerce', 'ecommerceDataset.csv has 122 texts instead of 50,425 (whole_data: false'],
])('%s that lost texts is refused, unless a sample is meant', (name, message) => {
  putTitles();
  putDescriptions();
  const { stderr } = load(name, 'True');
  expect(stderr).toContain(message);
  expect(stderr).toContain('Remove it and get the original.');
  expect(load(name).stderr).toBe('');
});

test('fewer texts than config.yaml asks for are not trained on in silence', () => {
  putTitles(20);
  const asked = "{'dataset': 'pricerunner', 'train_texts': 3000, 'val_texts': 1, 'whole_data': False}";
  const { stderr } = task.run(`import dataset; dataset.load_training(${asked})`);
  expect(stderr).toMatch(/Dataset not found in full: config\.yaml asks for 3,000 texts of a part that has \d\d\./);
});

test('the set that a study trains on has to be there, the other one need not', () => {
  putDescriptions();
  const stdout = `E-commerce text (4 classes) is there: ${task.folder}/data\n`;
  expect(task.prepareFor('ecommerce')).toMatchObject({ status: 0, stdout, stderr: '' });
  const { status, stderr } = task.prepareFor('pricerunner');
  expect(status).toBe(1);
  expect(stderr).toContain('Dataset not found: PriceRunner product titles could not be had');
  expect(task.prepareFor('books').stderr).toBe('dataset: books is unknown; pricerunner and ecommerce are known\n');
});

test('by hand, both sets are asked for', () => {
  putDescriptions();
  putTitles();
  const { status, stdout } = task.python('prepare_data.py');
  expect(stdout).toContain('E-commerce text (4 classes) is there');
  expect(stdout).toContain('PriceRunner product titles is there');
  expect(status).toBe(0);
});

const isReady = hasPackages('torch', 'transformers', 'yaml');

test.skipIf(!isReady)(
  'both sets and the stand-in train, and say which it was (skipped where python3 has no PyTorch, transformers and PyYAML)',
  { timeout: 300_000 },
  () => {
    putTitles();
    putDescriptions();
    const trained = task.trainAll({
      pricerunner: { config: { ...TINY, dataset: 'pricerunner', train_texts: 60, val_texts: 20 } },
      ecommerce: { config: { ...TINY, dataset: 'ecommerce', train_texts: 60, val_texts: 10 } },
      standIn: { config: { ...TINY, learning_rate: 0.003, epochs: 3 }, args: ['--stand-in', '--evaluate'] },
    });
    for (const dataset of ['pricerunner', 'ecommerce'] as const) {
      const { error, log } = trained[dataset];
      expect(error).toBeNull();
      expect(log.match(new RegExp(`"data": "${dataset}"`, 'g'))).toHaveLength(2);
      expect(log).not.toContain('test_accuracy');
    }
    expect(trained.standIn.stdout).toContain('STAND-IN DATA');
    expect(trained.standIn.log.match(/"data": "stand-in"/g)).toHaveLength(5);
    const rows = rowsOf(trained.standIn.log);
    expect(rows[4]?.['test_accuracy']).toBeGreaterThan(Number(rows[0]?.['trivial_accuracy']) + 0.1);
  },
);
