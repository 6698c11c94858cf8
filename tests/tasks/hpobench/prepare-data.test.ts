import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'hpobench-svm');
const FILES = [
  'australian.dat',
  'blood-transfusion-service-center.csv',
  'car.arff',
  'credit-g.csv',
  'kc1.csv',
  'phoneme.csv',
  'segment.csv',
  'vehicle.csv',
];

let task: string;

beforeEach(() => {
  task = join(mkdtempSync(join(tmpdir(), 'hpobench-data-')), 'task');
  cpSync(bundled, task, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
});

afterEach(() => rmSync(join(task, '..'), { recursive: true }));

/** Where nothing can be downloaded, with these files in data/. */
function prepareWith(files: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  mkdirSync(join(task, 'data'), { recursive: true });
  for (const file of files) writeFileSync(join(task, 'data', file), 'a table');
  const env = { PATH: process.env['PATH'] ?? '', https_proxy: 'http://127.0.0.1:9', ...variables };
  return spawnSync('python3', ['-B', 'prepare_data.py'], { cwd: task, encoding: 'utf8', env });
}

test('with all tables there, nothing is fetched', () => {
  const { status, stdout, stderr } = prepareWith(FILES);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const file of FILES) expect(stdout).toContain(`HPOBench's ${file} is there`);
});

test('one table is enough, and the others are named in a line', () => {
  const { status, stdout } = prepareWith(['vehicle.csv']);
  expect(status).toBe(0);
  expect(stdout).toContain("HPOBench's vehicle.csv is there");
  expect(stdout).toContain(
    '\nNot there: australian, blood-transfusion, car, credit-g, kc1, phoneme, segment. A training on',
  );
});

test('of a study that chooses a table, that one alone is asked for', () => {
  const choose = (dataset: string) => ({ AGENTHPO_CONFIG_CHANGES: JSON.stringify({ dataset }) });
  const chosen = prepareWith(['car.arff'], choose('car'));
  expect([chosen.status, chosen.stdout]).toEqual([
    0,
    expect.stringMatching(/^HPOBench's car\.arff is there: [^\n]+\n$/),
  ]);
  expect(prepareWith(['car.arff'], choose('kc1')).stderr).toContain("HPOBench's kc1.csv could not be had");
  expect(prepareWith(['car.arff'], choose('kc2')).stderr).toMatch(
    /^dataset: kc2 is unknown; australian, .* are known\n$/,
  );
});

test('with none, it fails with the home of the first and where to put it', () => {
  const { status, stderr } = prepareWith([]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Dataset not found: HPOBench's australian.dat could not be had.*archive.ics.uci.edu.*put australian.dat into/,
  );
  expect(stderr).not.toContain('Traceback');
  expect(stderr).not.toContain('--stand-in');
});
