import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editConfig } from '../../../study/config-file.ts';
import { loadTask } from '../../../study/load-task.ts';
import { explainFailure } from '../../../training/failure-cause.ts';
import { readObjective } from '../../../training/objective-value.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'gradient-descent');

let task: string;

beforeEach(() => {
  task = join(mkdtempSync(join(tmpdir(), 'gradient-descent-')), 'task');
  cpSync(bundled, task, { recursive: true });
});

afterEach(() => rmSync(join(task, '..'), { recursive: true }));

function descend(config: Readonly<Record<string, string | number>>) {
  const path = join(task, 'config.json');
  writeFileSync(path, editConfig(readFileSync(path, 'utf8'), path, config));
  const { status, stderr } = spawnSync('python3', ['train.py'], { cwd: task, encoding: 'utf8' });
  return { status, stderr, rows: parseTrainingLog(readFileSync(join(task, 'train_log.jsonl'), 'utf8'), 'jsonl').rows };
}

test.each([
  ['rosenbrock', 0.001, 0.9, 2020, 1.15e-8],
  ['rosenbrock', 0.0014, 0.93, 925, 2.34e-9],
  ['rastrigin', 0.001, 0, 36, 4.9748],
  ['rastrigin', 0.0014, 0.03, 24, 4.9748],
])(
  '%s with learning rate %d and momentum %d stops after the printed %d iterations, at f = %d',
  (name, learning_rate, momentum, iterations, f) => {
    const { stderr, rows } = descend({ function: name, learning_rate, momentum });
    expect(stderr).toBe('');
    const last = rows.at(-1);
    expect(last?.['iteration']).toBe(iterations);
    expect(Number(last?.['f']) / f).toBeCloseTo(1, 2);
    expect(last?.['log10_f']).toBeCloseTo(Math.log10(f), 2);
  },
);

test('the printed best value, 2.39e-9, is that of the refined run one step before its end', () => {
  const { rows } = descend({ learning_rate: 0.0014, momentum: 0.93, max_iterations: 924 });
  expect(Number(rows.at(-1)?.['f'])).toBeCloseTo(2.39e-9, 11);
});

test('the way down is recorded from the start, which is the trivial baseline', () => {
  const { objective } = loadTask(task);
  const { rows } = descend({ max_iterations: 100 });
  expect(rows[0]).toEqual({ trivial_log10_f: 1.09691 });
  expect(rows.slice(1).map((row) => row['iteration'])).toEqual([
    ...Array.from({ length: 20 }, (_, k) => k + 1),
    25,
    50,
    75,
    100,
  ]);
  expect(readObjective(rows, objective)).toMatchObject({ value: rows.at(-1)?.['log10_f'] });
});

test('a learning rate at which the point leaves every bound ends the training as diverged', () => {
  const { status, stderr } = descend({ learning_rate: 0.01 });
  expect(status).toBe(1);
  expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('diverged');
});

test('a function that is none of the two is refused with their names', () => {
  expect(descend({ function: 'rosenbrok' }).stderr).toContain(
    "function: expected one of rosenbrock, rastrigin, got 'rosenbrok'",
  );
});
