import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { editConfig } from '../../../study/config-file.ts';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import { loadTask } from '../../../study/load-task.ts';
import { explainFailure } from '../../../training/failure-cause.ts';
import { readObjective } from '../../../training/objective-value.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';

const tasks = join(import.meta.dirname, '..', '..', '..', 'tasks');
const scratches: string[] = [];

afterEach(() => {
  for (const scratch of scratches.splice(0)) rmSync(scratch, { recursive: true });
});

/** A copy of the task with these files in its data/. */
function copyOf(name: string, files: Readonly<Record<string, string>> = {}): string {
  const scratch = mkdtempSync(join(tmpdir(), `${name}-`));
  scratches.push(scratch);
  const task = join(scratch, name);
  cpSync(join(tasks, name), task, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
  mkdirSync(join(task, 'data'));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(task, 'data', file), content);
  return task;
}

function python(task: string, args: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'] ?? '', OMP_NUM_THREADS: '1' };
  return spawnSync('python3', ['-B', ...args], { cwd: task, encoding: 'utf8', env, input });
}

function configure(task: string, config: Hyperparameters): void {
  const path = join(task, 'config.yaml');
  writeFileSync(path, editConfig(readFileSync(path, 'utf8'), path, config));
}

function train(task: string, config: Hyperparameters) {
  configure(task, config);
  return python(task, ['train.py']);
}

const repeat = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** 846 rows of 18 numbers; the class shows in the first two, but for every tenth row. */
function vehicleCsv(change: (line: string, index: number) => string = (line) => line): string {
  const row = (index: number) => {
    const kind = (index % 10 === 0 ? index * 7 : index) % 4;
    const noise = (column: number) => Math.sin(index * 12.9898 + column * 78.233);
    const numbers = repeat(18, (column) => (column < 2 ? 3 * ((kind >> column) & 1) : 0) + noise(column));
    return `${numbers.map((each) => each.toFixed(3)).join(',')},${['bus', 'opel', 'saab', 'van'][index % 4]}`;
  };
  return `${['a,'.repeat(18).concat('class'), ...repeat(846, row)].map(change).join('\n')}\n`;
}

const CAR = `% a comment\r\n@relation car\r\n@attribute doors {2,3}\r\n@data\r\n${repeat(1728, (index) => `low,med,${2 + (index % 3)},more,big,high,${['unacc', 'acc', 'good', 'vgood'][index % 4]}\r\n`).join('')}`;
const AUSTRALIAN = repeat(690, (index) => `${'1 22.08 11.46 2 4 4 1.585 0 0 0 1 2 100'} ${index} ${index % 2}\n`).join(
  '',
);
const CREDIT = `${'name,'.repeat(20)}class\n${repeat(1000, (index) => `'<0',6,'all paid, duly',car,1169,none,'>=7',4,male,none,4,house,67,none,own,2,skilled,1,yes,yes,${index % 3 ? 'good' : 'bad'}\n`).join('')}`;

const hasPackages = python(tasks, ['-c', 'import sklearn, yaml']).status === 0;

/** Reads each of [table, file, content] in one process: scikit-learn takes its time to start. */
const READ_EACH = `
import json, pathlib, sys
from data_files import DataNotFoundError
from tables import load_split
for name, file, content in json.load(sys.stdin):
    pathlib.Path('data', file).write_text(content, newline='')
    try:
        print('read', [part.inputs.shape for part in load_split(name)])
    except DataNotFoundError as error:
        print('refused', error)
`;

describe.skipIf(!hasPackages)('reading the tables (skipped where python3 has no scikit-learn and PyYAML)', () => {
  function readEach(files: readonly (readonly [table: string, file: string, content: string])[]): string[] {
    const { stdout, stderr } = python(copyOf('hpobench-svm'), ['-c', READ_EACH], JSON.stringify(files));
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => /^(read|refused) /.test(line));
  }

  test('as they are published', () => {
    const header = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 class\n';
    const outcomes = readEach([
      ['vehicle', 'vehicle.csv', vehicleCsv()],
      ['car', 'car.arff', CAR],
      ['credit-g', 'credit-g.csv', CREDIT],
      ['australian', 'australian.dat', AUSTRALIAN],
      ['australian', 'australian.dat', header + AUSTRALIAN],
    ]);
    expect(outcomes).toEqual([
      'read [(509, 18), (252, 18), (85, 18)]',
      'read [(1041, 8), (514, 8), (173, 8)]', // a column for each of three values, and for the one value of five inputs
      'read [(603, 20), (297, 20), (100, 20)]',
      'read [(416, 14), (205, 14), (69, 14)]',
      'read [(416, 14), (205, 14), (69, 14)]',
    ]);
  });

  test('a damaged file is refused with what is wrong and where to get it', () => {
    const withRow7 = (change: (line: string) => string) =>
      vehicleCsv((line, index) => (index === 7 ? change(line) : line));
    const withFirstCell = (cell: string) => withRow7((line) => cell + line.slice(line.indexOf(',')));
    const damaged: [content: string, message: string][] = [
      [vehicleCsv().slice(0, 5000), '846 rows were expected, it has'],
      ['', '846 rows were expected, it has 0'],
      [withRow7((line) => line.replace(',', '')), '19 columns were expected, row 7 has 18'],
      [withFirstCell('?'), "could not convert string to float: '?'"],
      [withFirstCell('nan'), 'it has NaN or infinite ones'],
      [withRow7((line) => `${line}s`), '4 classes were expected, it has 5'],
      ['\u0000\u0001 no table', 'cannot be read'],
    ];
    const outcomes = readEach(damaged.map(([content]) => ['vehicle', 'vehicle.csv', content]));
    for (const [index, [, message]] of damaged.entries()) {
      expect(outcomes[index]).toContain(message);
      expect(outcomes[index]).toMatch(
        /vehicle\.csv cannot be read: .*Remove it and get the original\..*datasets\/openml-datasets/,
      );
    }
  });

  test('a folder in the place of a table is refused like a damaged one', () => {
    const task = copyOf('hpobench-svm');
    mkdirSync(join(task, 'data', 'vehicle.csv'));
    const { stderr } = train(task, {});
    expect(stderr).toMatch(/^Dataset not found: .*vehicle\.csv cannot be read: .*Is a directory/);
  });

  test('a table that is not there ends the training as a failure of the data, without a traceback', () => {
    const { status, stderr } = train(copyOf('hpobench-svm'), {});
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Dataset not found: HPOBench's vehicle\.csv is not there/);
    expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('data');
  });

  test('a table that does not exist is refused with the names of those that do', () => {
    const { stderr } = train(copyOf('hpobench-svm'), { dataset: 'vehicles' });
    expect(stderr).toContain("phoneme, segment, vehicle, got 'vehicles'");
  });
});

describe.skipIf(!hasPackages)('training (skipped where python3 has no scikit-learn and PyYAML)', () => {
  const SHORT: Readonly<Record<string, Hyperparameters>> = {
    'hpobench-svm': {},
    'hpobench-logistic': { epochs: 50, report_every: 20 },
    'hpobench-forest': { trees: 20, report_every: 8 },
    'hpobench-mlp': { epochs: 5 },
  };
  const ROWS: Readonly<Record<string, readonly unknown[]>> = {
    'hpobench-svm': [undefined],
    'hpobench-logistic': [20, 40, 50],
    'hpobench-forest': [8, 16, 20],
    'hpobench-mlp': [1, 2, 3, 4, 5],
  };

  /** Trains once, then once more with --evaluate; first.jsonl is the log of the first training. */
  const TRAIN_TWICE = `
import shutil, sys, train
train.main()
shutil.copy('train_log.jsonl', 'first.jsonl')
sys.argv.append('--evaluate')
train.main()
`;

  test.each(Object.keys(SHORT))('%s learns, the same again, and measures the test rows only when asked', (name) => {
    const task = copyOf(name, { 'vehicle.csv': vehicleCsv() });
    const { objective, evaluate } = loadTask(task);
    configure(task, SHORT[name] ?? {});
    expect(python(task, ['-c', TRAIN_TWICE]).stderr).toBe('');
    const log = readFileSync(join(task, 'first.jsonl'), 'utf8');
    const { rows } = parseTrainingLog(log, 'jsonl');
    expect(rows[0]).toEqual({ trivial_val_error: expect.closeTo(0.75, 2) });
    expect(rows.slice(1).map((row) => row['epoch'] ?? row['round'])).toEqual(ROWS[name]);
    expect(readObjective(rows, objective)).toMatchObject({ value: rows.at(-1)?.['val_error'] });
    expect(rows.at(-1)?.['val_error']).toBeLessThan(0.5);
    expect(log).not.toContain('test');
    const evaluated = readFileSync(join(task, 'train_log.jsonl'), 'utf8');
    expect(evaluated.startsWith(log)).toBe(true);
    expect(Object.keys(parseTrainingLog(evaluated, 'jsonl').rows.at(-1) ?? {})).toEqual([evaluate?.metric]);
  });

  /** Grows two forests of 20 trees, 7 at a time and all at once, and prints the last row of each. */
  const GROW_BOTH = `
import yaml, tables, train
config = yaml.safe_load(open('config.yaml'))
rows, val, _ = tables.load_split('vehicle')
for step in (7, 20):
    reported = []
    forest = train.build(config, columns=18)
    train.fit(forest, rows, val, {'trees': 20, 'report_every': step}, reported.append)
    print(reported[-1])
`;

  test('a forest that grows step by step is the one that is grown at once', () => {
    const { stdout } = python(copyOf('hpobench-forest', { 'vehicle.csv': vehicleCsv() }), ['-c', GROW_BOTH]);
    const [stepwise, atOnce] = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(stepwise).toContain("'round': 20");
    expect(stepwise).toBe(atOnce);
  });

  test('weights that overflow end the training as diverged', () => {
    const task = copyOf('hpobench-logistic', { 'vehicle.csv': vehicleCsv() });
    const { status, stderr } = train(task, { eta0: 1e308, epochs: 5 });
    expect(status).toBe(1);
    expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('diverged');
  });
});
