import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const LEARNS = 'import sys\nprint("METRIC trivial_loss=0.9")\nprint("METRIC loss=" + sys.argv[1])\n';

/** A task whose default `x` of 0.5 is its loss. */
function aTask(name: string, { script = LEARNS, more = '', trivial = 'trivial_loss' } = {}): void {
  const folder = join(workplace.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'train.py'), script);
  writeFileSync(
    join(folder, 'task.yaml'),
    `name: ${name}
description: A test.
objective: { metric: loss, direction: minimize, trivial: ${trivial} }
hyperparameters: { x: { type: float, range: [0.0, 1.0], default: 0.5 } }
train: { script: train.py, args: "{x}" }
${more}`,
  );
}

/** A task whose data is nowhere, but for a stand-in. */
function aTaskWithoutData(name: string, standIn: boolean): void {
  const data = `data: { prepare: prepare_data.py${standIn ? ', stand_in: --stand-in' : ''} }\n`;
  aTask(name, { more: data });
  writeFileSync(
    join(workplace.folder, name, 'prepare_data.py'),
    'print("Looked everywhere.")\nraise SystemExit("Its home: https://example.org/data")\n',
  );
}

/** A row of the table, by its task. */
const rowOf = (stdout: string, name: string) =>
  stdout
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(/\s{2,}/);

test('check --run of several tasks is one table: a task that fails or lacks its data keeps no other from its row', async () => {
  aTask('good', { more: 'dataset: Ten rows.\n' });
  aTask('crashes', { script: 'raise ValueError("no such column: y")\n' });
  aTaskWithoutData('absent', true);
  aTask('blunt', { trivial: '0.5' });
  const { code, stdout, stderr } = await workplace.run([
    'check',
    '--run',
    '--yes',
    'crashes',
    'absent',
    'good',
    'blunt',
  ]);
  expect(code).toBe(2);
  expect(rowOf(stdout, 'task')).toEqual(['task', 'metric', 'value', 'trivial', 'margin', 'seconds', 'data']);
  expect(rowOf(stdout, 'good')).toEqual(['good', 'loss', '0.5000', '0.9000', '+0.4000', expect.any(String), 'real']);
  expect(rowOf(stdout, 'blunt')).toEqual(['blunt', 'loss', '0.5000', '0.5000', '0', expect.any(String), 'none']);
  expect(rowOf(stdout, 'crashes')?.slice(1, 5)).toEqual(['loss', 'failed', '–', '–']);
  expect(rowOf(stdout, 'absent')?.slice(1)).toEqual(['loss', 'data missing', '–', '–', '–', 'missing']);
  expect(stdout).toMatch(/^absent: \[data-missing\] Its home: https:\/\/example\.org\/data$/m);
  expect(stdout).toMatch(/^crashes: crash: .*no such column: y/m);
  expect(stdout).toContain(
    '2 of 4 tasks trained with their defaults; 1 without data (absent); 1 failed (crashes); 1 no better than without learning (blunt).',
  );
  expect(stderr).toContain('3 of 4: good: loss 0.5000 in ');
});

test('a file among several, as a shell’s tasks/* names one, is left out and said', async () => {
  aTask('good');
  aTask('fine');
  writeFileSync(join(workplace.folder, 'README.md'), 'About these.\n');
  const { code, stdout, stderr } = await workplace.run(['check', '--run', '--yes', 'README.md', 'fine', 'good']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Left out, for it is no folder: README.md')]);
  expect(stdout).toContain('All 2 tasks trained with their defaults.');
});

test('--stand-in of several tasks is meant for those that have one; no stand-in counts as real', async () => {
  aTask('good', { more: 'dataset: Ten rows.\n' });
  aTaskWithoutData('absent', true);
  const { code, stdout } = await workplace.run(['check', '--run', '--yes', '--stand-in', 'good', 'absent', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { task: 'good', result: { value: 0.5, trivial: 0.9, margin: 0.4, data: 'real' } },
    { task: 'absent', result: { value: 0.5, data: 'stand-in' } },
  ]);
  const alone = await workplace.run(['check', '--run', '--stand-in', 'good']);
  expect([alone.code, alone.stdout]).toEqual([2, expect.stringContaining('stand_in')]);
});

test('without --yes nothing of several new folders runs, and all of them are named; a word once given holds for each', async () => {
  aTask('one');
  aTask('two');
  const { code, stdout, stderr } = await workplace.run(['check', '--run', 'one', 'two']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/\[not-confirmed\] The first use of \S+\/one, \S+\/two was not confirmed/);
  expect((await workplace.run(['check', '--run', 'one', 'two', '--yes'])).code).toBe(0);
  expect((await workplace.run(['check', '--run', 'one', 'two'])).stderr).not.toContain('First use');
});
