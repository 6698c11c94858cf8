import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editConfig } from '../../study/config-file.ts';
import { loadTask } from '../../study/load-task.ts';
import { readObjective } from '../../training/objective-value.ts';
import { parseTrainingLog } from '../../training/read-training-log.ts';

const tasks = join(import.meta.dirname, '..', '..', 'tasks');
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bundled-tasks-'));
});

afterAll(() => rmSync(scratch, { recursive: true }));

/** A copy of a bundled task, to run in. */
function copyOf(name: string, label: string): string {
  const folder = join(scratch, `${name}-${label}`);
  cpSync(join(tasks, name), folder, { recursive: true });
  return folder;
}

function train(folder: string, ...args: string[]) {
  const { status, stderr } = spawnSync('python3', ['train.py', ...args], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return parseTrainingLog(readFileSync(join(folder, 'train_log.jsonl'), 'utf8'), 'jsonl').rows;
}

const names = readdirSync(tasks, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

test.each(names)('%s is a valid task with a README', (name) => {
  const task = loadTask(join(tasks, name));
  expect(task.name).toBe(name);
  expect(task.space.violations(task.space.defaults())).toEqual([]);
  expect(task.readme).toContain(`agenthpo tune tasks/${name}`);
});

describe('quadratic', () => {
  const { objective } = loadTask(join(tasks, 'quadratic'));

  test('the loss is 0 at the minimum and 20.33 at the default, as its README says', () => {
    const folder = copyOf('quadratic', 'run');
    const best = train(folder, '--x=1.2', '--y=-0.7', '--z=2.5');
    expect(best).toHaveLength(10);
    expect(readObjective(best, objective)).toMatchObject({ value: 0 });
    const atDefault = readObjective(train(folder, '--x=0', '--y=0', '--z=0'), objective);
    expect(atDefault).toHaveProperty('value', expect.closeTo(20.33, 10));
  });
});

const python = spawnSync('python3', ['-c', 'import sklearn, yaml'], { timeout: 60_000 });

describe.skipIf(python.status !== 0)('digits (skipped where python3 has no scikit-learn and PyYAML)', () => {
  const task = loadTask(join(tasks, 'digits'));

  test('a training records a curve, gives the same one again, and looks at the test images only when asked', () => {
    const folder = copyOf('digits', 'run');
    const config = join(folder, 'config.yaml');
    writeFileSync(config, editConfig(readFileSync(config, 'utf8'), config, { epochs: 5, learning_rate: 0.00002 }));
    const rows = train(folder);
    expect(rows.map((row) => Object.keys(row))).toEqual(
      Array.from({ length: 5 }, () => ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy']),
    );
    const evaluated = train(folder, '--evaluate');
    expect(evaluated.slice(0, 5)).toEqual(rows);
    expect(readObjective(evaluated, { ...task.objective, metric: task.evaluate?.metric ?? '' })).toHaveProperty(
      'value',
    );
  });
});
