import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** A task folder stands alone, so what several need is there several times: these tests keep the copies one text. */
const tasks = join(import.meta.dirname, '..', '..', 'tasks');
const names = readdirSync(tasks, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Every task has its own of these. */
const OWN = new Set(['train.py', 'prepare_data.py', 'dataset.py', 'stand_in.py', 'model.py']);

/** Tasks whose requirements are the same lines share one cached environment. */
const SAME_REQUIREMENTS = [
  ['cifar10', 'cifar10-vit', 'cifar10-resnet9', 'butterfly', 'cityscapes', 'movielens-mf', 'movielens-ctr', 'nyc-taxi'],
  ['sst2', 'ecommerce', 'opus-books'],
  ['cora', 'pubmed'],
  ['water-potability', 'house-price', 'hpobench-svm', 'hpobench-logistic', 'hpobench-forest', 'hpobench-mlp'],
];

/** Tasks that differ in some of their own files only. */
const FAMILIES = [
  { files: ['train.py'], tasks: ['cifar10', 'cifar10-vit', 'cifar10-resnet9', 'butterfly'] },
  { files: ['model.py'], tasks: ['cifar10', 'butterfly'] },
  { files: ['dataset.py', 'prepare_data.py', 'stand_in.py'], tasks: ['cifar10', 'cifar10-vit', 'cifar10-resnet9'] },
];

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

/** Who has each of the texts that the files have. */
function versions(paths: readonly string[]): string[][] {
  return grouped(paths, (path) => readFileSync(join(tasks, path), 'utf8')).map(([, having]) => having);
}

describe('a helper that several tasks have is the same in all of them', () => {
  const helpers = names.flatMap((name) =>
    readdirSync(join(tasks, name)).flatMap((file) =>
      file.endsWith('.py') && !OWN.has(file) ? [join(name, file)] : [],
    ),
  );
  const shared = grouped(helpers, (path) => basename(path)).filter(([, paths]) => paths.length > 1);

  test.each(shared)('%s', (_, paths) => {
    expect(versions(paths)).toHaveLength(1);
  });
});

test.each(FAMILIES)('$files of $tasks are the same', ({ files, tasks: family }) => {
  for (const file of files) expect(versions(family.map((name) => join(name, file)))).toHaveLength(1);
});

test.each(SAME_REQUIREMENTS.map((group) => [group]))('the requirements of %s are the same', (group) => {
  const paths = group.map((name) => join(name, 'requirements.txt')).filter((path) => existsSync(join(tasks, path)));
  expect(versions(paths).length).toBeLessThanOrEqual(1);
});
