import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTask } from '../../study/load-task.ts';
import { taskWarnings } from '../../tools/task-warnings.ts';
import { aFolder } from '../study/maker.ts';

const TASK = `name: small
description: A small task.
objective: { metric: loss, direction: minimize }
hyperparameters:
  rate: { type: float, range: [0.0, 1.0], key: optimizer.rate }
  depth: { type: int, range: [1, 9] }
train: { script: train.py, config: config.yaml }
`;

/** The kinds of warnings that a script gets. */
function kinds(script: string, task = TASK): string[] {
  const folder = join(aFolder(), 'small');
  mkdirSync(folder);
  writeFileSync(join(folder, 'task.yaml'), task);
  writeFileSync(join(folder, 'config.yaml'), 'optimizer:\n  rate: 0.5\ndepth: 3\n');
  writeFileSync(join(folder, 'train.py'), script);
  return taskWarnings(loadTask(folder)).map(({ kind }) => kind);
}

test('a config key that the code never mentions is told, by its last name', () => {
  expect(kinds('use(config["optimizer"]["rate"])')).toEqual(['unread']);
  expect(kinds('use(config.optimizer.rate, config.depth)')).toEqual([]);
});

test('a seed that the code never mentions is told', () => {
  const seeded = TASK.replace('config: config.yaml', 'config: config.yaml, seed: optimizer.rate');
  expect(
    kinds('use(depth)', seeded.replace('  rate: { type: float, range: [0.0, 1.0], key: optimizer.rate }\n', '')),
  ).toEqual(['unread']);
  expect(
    kinds('use(rate, depth)', seeded.replace('  rate: { type: float, range: [0.0, 1.0], key: optimizer.rate }\n', '')),
  ).toEqual([]);
});

test('a script that hands its whole config on, or leaves the reading to a library, is not suspected', () => {
  expect(kinds('Model(rate, **config)')).toEqual([]);
  expect(kinds('rate = 1; vars(arguments)')).toEqual([]);
  expect(kinds('from library import main\nmain("config.yaml")')).toEqual([]);
});

test('a direction that does not go with the name of the metric is told; a name that says nothing is not', () => {
  const read = 'use(rate, depth)';
  expect(kinds(read, TASK.replace('minimize', 'maximize'))).toEqual(['direction']);
  expect(kinds(read, TASK.replace('metric: loss', 'metric: val_accuracy'))).toEqual(['direction']);
  expect(kinds(read, TASK.replace('metric: loss', 'metric: glossiness').replace('minimize', 'maximize'))).toEqual([]);
});

test('a metric that the script writes under a similar name is told, and so is the trivial baseline', () => {
  const named = TASK.replace('minimize }', 'minimize, trivial: trivial_loss }');
  expect(kinds('log({"loss": rate, "trivial_loss": depth})', named)).toEqual([]);
  expect(kinds('log({"loss": rate, "trivial-loss": depth})', named)).toEqual(['metric']);
});

test('a path out of the folder is told where the code opens it, not where a comment names it', () => {
  expect(kinds('use(rate, depth)\nopen("../data/x.csv")')).toEqual(['outside-path']);
  expect(kinds('use(rate, depth)\n# open("../data/x.csv")')).toEqual([]);
});
