import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { PythonWithOptuna } from '../runners/optuna/stand-in.ts';
import { aFolder } from '../study/maker.ts';
import { type CliRun, Workplace } from './run-cli.ts';

const TRAIN = 'import sys\nprint("METRIC loss=%r" % (float(sys.argv[1]) - 0.3) ** 2)\n';

let python: PythonWithOptuna;
let workplace: Workplace;
beforeAll(() => {
  python = new PythonWithOptuna(join(aFolder(), 'venv'));
});
beforeEach(() => {
  python.behave('well');
  workplace = new Workplace();
});

function tune(strategy: string, trials: number): Promise<CliRun> {
  const fixed = ['--executor', 'direct', '--seed', '7', '--yes', '--json'];
  const task = workplace.task(TRAIN);
  return workplace.run([
    'tune',
    task,
    '--strategy',
    strategy,
    '--trials',
    String(trials),
    '--python',
    python.folder,
    ...fixed,
  ]);
}

/** The folder that a run says it worked in. */
function studyOf({ stdout, stderr }: CliRun): string {
  expect(stdout, stderr).toContain('"study"');
  return JSON.parse(stdout).study;
}

function proposalsIn(folder: string) {
  const { events } = readExperimentLog(join(folder, 'experiment-log.jsonl'));
  return events.flatMap((event) => (event.event === 'trial-proposed' ? [event.proposal] : []));
}

test('a study that was resumed proposes what an uninterrupted one does', async () => {
  const whole = proposalsIn(studyOf(await tune('optuna:tpe', 4)));
  expect(whole.map(({ origin }) => origin)).toEqual(['default', 'optuna:tpe', 'optuna:tpe', 'optuna:tpe']);
  const begun = await tune('optuna:tpe', 2);
  expect((await workplace.run(['resume', 'latest', '--trials', '4'])).code).toBe(0);
  expect(proposalsIn(studyOf(begun))).toEqual(whole);
});

test('Optuna that crashes pauses the study, and a resume goes on with it', async () => {
  python.behave('dies');
  const paused = await tune('optuna:cmaes', 3);
  expect(paused.code).toBe(3);
  expect(JSON.parse(paused.stdout)).toMatchObject({ status: 'paused', stopReason: 'sampler-failed' });
  expect(paused.stderr).toContain('out of memory');
  python.behave('well');
  expect((await workplace.run(['resume', 'latest'])).code).toBe(0);
  expect(proposalsIn(studyOf(paused))).toHaveLength(3);
});

test('the report says who searched', async () => {
  const folder = studyOf(await tune('optuna:tpe', 2));
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('Optuna’s TPE');
});
