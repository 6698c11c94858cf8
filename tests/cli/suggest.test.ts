import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** A script whose trainings wait until the test lets them go on. */
function heldTask(): { task: string; release: () => void } {
  const gate = join(workplace.folder, 'go-on');
  const script = `import os, sys, time
print("started", flush=True)
while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.02)
print(f"METRIC loss={(float(sys.argv[1]) - 0.3) ** 2}")
`;
  return { task: workplace.task(script), release: () => writeFileSync(gate, '') };
}

interface LoggedEvent {
  readonly event: string;
  readonly id?: string;
  readonly kind?: string;
  readonly proposal?: { readonly origin: string; readonly hyperparameters: { readonly x: number } };
}

function studyFolder(): string {
  const studies = join(workplace.folder, 'logs/mine');
  return join(studies, readdirSync(studies)[0] ?? '');
}

function events(): LoggedEvent[] {
  const lines = readFileSync(join(studyFolder(), 'experiment-log.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function proposed(): [origin: string | undefined, x: number | undefined][] {
  const all = events().filter(({ event }) => event === 'trial-proposed');
  return all.map(({ proposal }) => [proposal?.origin, proposal?.hyperparameters.x]);
}

function inbox(): string[] {
  const folder = join(studyFolder(), 'inbox');
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function startHeld(trials: number) {
  const { task, release } = heldTask();
  const child = workplace.start(['tune', task, ...QUICK, '--trials', String(trials)]);
  const ended = once(child, 'exit');
  await vi.waitFor(() => expect(events().map(({ event }) => event)).toContain('attempt-started'), { timeout: 60_000 });
  return { child, ended, release };
}

const suggest = (...words: string[]) => workplace.run(['suggest', 'latest', ...words]);

test('a running study tries what was suggested, in order, before anyone else proposes', async () => {
  const { ended, release } = await startHeld(4);
  const first = await suggest('--set', 'x=0.25');
  expect(first.stdout).toMatch(/^Suggested to mine\/\S+, from the default: x=0.25\nIt runs next\.\n$/);
  const second = await suggest('--set', 'x=0.125');
  expect(second.stdout).toContain('It runs next, after 1 earlier suggestion.');
  const twice = await suggest('--set', 'x=0.25');
  expect(twice.stderr).toContain('this configuration is already about to be tried');
  const hint = await workplace.run(['hint', 'latest', 'stay', 'below 0.4 <b>']);
  expect(hint.stdout).toContain('The random sampler reads no words');
  release();
  expect(await ended).toEqual([0, null]);
  expect(proposed().slice(0, 3)).toEqual([
    ['default', 0.5],
    ['user', 0.25],
    ['user', 0.125],
  ]);
  expect(proposed()[3]?.[0]).toBe('random');
  expect(inbox()).toEqual([]);
  const report = readFileSync(join(studyFolder(), 'report.md'), 'utf8');
  expect(report).toContain('## Hints from the user\n\n- stay below 0.4 &lt;b&gt;');
});

test('a paused study takes suggestions up when it goes on; missing values come from the best trial or the one that is named', async () => {
  await workplace.run(['tune', 'quadratic', ...QUICK, '--trials', '2']);
  const left = await suggest('--set', 'x=1', '--based-on', '2', '--json');
  expect(JSON.parse(left.stdout)).toMatchObject({ running: false, basedOn: 2, ahead: 0, hyperparameters: { x: 1 } });
  const more = await suggest('--set', 'x=1.5');
  expect(more.stdout).toMatch(/when the study goes on, after 1 earlier suggestion: agenthpo resume \S+ --trials 4\n$/);
  await workplace.run(['resume', 'latest', '--trials', '4']);
  const { trials } = JSON.parse((await workplace.run(['show', 'latest', '--json'])).stdout);
  const [, second, third, fourth] = trials.map(
    (trial: { proposal: { hyperparameters: object } }) => trial.proposal.hyperparameters,
  );
  expect(third).toEqual({ ...second, x: 1 });
  expect(trials[2].proposal).toMatchObject({ origin: 'user', basedOn: 2 });
  expect(fourth).toEqual({ ...trials[trials[3].proposal.basedOn - 1].proposal.hyperparameters, x: 1.5 });
});

test('what cannot be tried is refused at once, with the exact reason, and nothing is queued', async () => {
  const task = workplace.task('import sys\nprint(f"METRIC loss={float(sys.argv[1])}")\n');
  await workplace.run(['tune', task, ...QUICK, '--trials', '1']);
  const refused = async (...words: string[]) => {
    const { code, stderr } = await suggest(...words);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('--set', 'x=7')).toContain('x = 7 is outside [0, 1] (inclusive)');
  expect(await refused('--set', 'y=0.1')).toContain('y is not a hyperparameter of this task');
  expect(await refused('--set', 'x=0.5')).toContain('this configuration was already tried: it is trial 1 (complete)');
  expect(await refused()).toContain('Nothing is suggested.');
  expect(await refused('--set', 'x=0.1', '--based-on', '9')).toContain('must be a trial’s number from 1 to 1, best or');
  expect(await refused('--set', 'x=0.1', '--set', 'x=0.2')).toContain('x was given more than one value.');
  expect(await refused('--set', 'x=1e400')).toContain('--set "x=1e400" is no finite number.');
  expect((await workplace.run(['hint', 'latest', 'x'.repeat(501)])).stderr).toContain('has 501 characters');
  expect(inbox()).toEqual([]);
});

test('a tuner killed before it read its inbox loses nothing; one killed before it emptied it doubles nothing', async () => {
  const { child, ended, release } = await startHeld(2);
  await suggest('--set', 'x=0.25');
  child.kill('SIGKILL');
  await ended;
  const [left = ''] = inbox();
  const kept = join(workplace.folder, left);
  copyFileSync(join(studyFolder(), 'inbox', left), kept);
  release();
  await workplace.run(['resume', 'latest']);
  expect(proposed()).toEqual([
    ['default', 0.5],
    ['user', 0.25],
  ]);
  copyFileSync(kept, join(studyFolder(), 'inbox', left));
  await workplace.run(['resume', 'latest', '--trials', '3']);
  expect(proposed().map(([origin]) => origin)).toEqual(['default', 'user', 'random']);
  expect(events().filter(({ event }) => event === 'user-input')).toHaveLength(1);
  expect(inbox()).toEqual([]);
});

test('a suggestion that no longer fits when its turn comes is refused in the log; one that nobody can read is passed over', async () => {
  const { task, release } = heldTask();
  release();
  await workplace.run(['tune', task, ...QUICK, '--trials', '1']);
  mkdirSync(join(studyFolder(), 'inbox'), { recursive: true });
  const drop = (name: string, text: string) => writeFileSync(join(studyFolder(), 'inbox', `${name}.json`), text);
  const payload = { hyperparameters: { x: 0.5 }, basedOn: 'default' };
  drop('00-a', JSON.stringify({ kind: 'suggest', payload }));
  drop('00-b', '{"kind": "sugg');
  drop('00-c', JSON.stringify({ kind: 'suggest', payload: { x: 1 } }));
  drop('00-d', JSON.stringify({ kind: 'hint', payload: { text: 'a'.repeat(70_000) } }));
  const { code } = await workplace.run(['resume', 'latest', '--trials', '2']);
  expect(code).toBe(0);
  expect(events().filter(({ event }) => event === 'proposal-rejected')).toMatchObject([
    { origin: 'user', input: '00-a', violations: ['this configuration was already tried: it is trial 1 (complete)'] },
  ]);
  expect(events().flatMap(({ event, kind }) => (event === 'user-input' ? [kind] : []))).toEqual([
    'suggest',
    'unreadable',
    'suggest',
    'unreadable',
  ]);
  expect(proposed().map(([origin]) => origin)).toEqual(['default', 'random']);
});
