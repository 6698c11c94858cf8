import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const GOOD = 'import sys\nx = float(sys.argv[1])\nprint(f"METRIC loss={(x - 0.3) ** 2}")\n';

test('the offline model’s two agents tune the bundled quadratic, and everything is written', async () => {
  const { code, stdout, stderr } = await workplace.run([
    'tune',
    'quadratic',
    '--model',
    'offline',
    '--trials',
    '4',
    '--seed',
    '1',
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('Free, no network, no language model');
  expect(stdout).toMatch(/^Done: The budget of 4 trials is used\.\nBest: trial \d/);
  const study = join(
    workplace.folder,
    'logs/quadratic',
    readdirSync(join(workplace.folder, 'logs/quadratic'))[0] ?? '',
  );
  expect(readdirSync(study)).toEqual(
    expect.arrayContaining(['agent.log', 'experiment-log.jsonl', 'report.html', 'report.md', 'study.yaml', 'trials']),
  );
  expect(readdirSync(study).filter((name) => name.startsWith('lock'))).toEqual([]);
  expect(statSync(study).mode & 0o077).toBe(0);
  expect(readFileSync(join(study, 'report.md'), 'utf8')).toMatch(/^# .*offline optimiser, no language model/);
});

test('--json prints one object and nothing else on stdout', async () => {
  const { code, stdout } = await workplace.run(['tune', 'quadratic', ...QUICK, '--trials', '3', '--json']);
  expect(code).toBe(0);
  const outcome: unknown = JSON.parse(stdout);
  expect(outcome).toMatchObject({
    status: 'complete',
    stopReason: 'trial-budget',
    trials: { total: 3, complete: 3, failed: 0 },
    best: { trial: expect.any(Number), hyperparameters: { x: expect.any(Number) } },
    usage: { requests: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 },
  });
});

test('the same seed proposes the same trials; another seed others', async () => {
  const proposed = async (seed: string) => {
    const flags = ['--strategy', 'random', '--executor', 'direct', '--trials', '3', '--seed', seed];
    await workplace.run(['tune', 'quadratic', ...flags]);
    const { trials } = JSON.parse((await workplace.run(['show', 'latest', '--json'])).stdout);
    return trials.map((trial: { proposal: { hyperparameters: unknown } }) => trial.proposal.hyperparameters);
  };
  const first = await proposed('5');
  expect(await proposed('5')).toEqual(first);
  expect(await proposed('6')).not.toEqual(first);
});

test('resume goes on to a new total, and refuses when nothing is left', async () => {
  await workplace.run(['tune', 'quadratic', ...QUICK, '--trials', '2']);
  const refused = await workplace.run(['resume', 'latest']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/error \[study-finished\] .*\n→ For more: agenthpo resume \S+ --trials 12/);
  const more = await workplace.run(['resume', 'latest', '--trials', '4', '--json']);
  expect(more.code).toBe(0);
  expect(JSON.parse(more.stdout)).toMatchObject({ trials: { total: 4, complete: 4 } });
  const atOnce = new Workplace();
  const whole = await atOnce.run(['tune', 'quadratic', ...QUICK, '--trials', '4', '--json']);
  expect(JSON.parse(more.stdout).best).toEqual(JSON.parse(whole.stdout).best);
});

test('list, show, report and stop speak of the study', async () => {
  await workplace.run(['tune', 'quadratic', ...QUICK, '--trials', '2']);
  expect((await workplace.run(['list'])).stdout).toMatch(
    /study +task +state +trials +best\n\S+ +quadratic +complete +2 +loss [\d.]+ \(minimize\)\n$/,
  );
  expect((await workplace.run(['show', 'latest'])).stdout).toMatch(/1 {2}complete .* default/);
  expect((await workplace.run(['show', 'latest', '2'])).stdout).toMatch(/^Trial 2: complete, value/);
  expect((await workplace.run(['show', 'latest', '9'])).stderr).toContain(
    'There is no trial 9; the study has trials 1 to 2.',
  );
  const report = await workplace.run(['report', 'latest']);
  expect(existsSync(join(workplace.folder, report.stdout.split('\n')[0] ?? ''))).toBe(true);
  expect((await workplace.run(['stop', 'latest'])).stdout).toContain('No process was working on quadratic/');
  expect((await workplace.run(['list', '--tasks'])).stdout).toMatch(/digits[\s\S]*quadratic/);
});

test('a study whose complete trials all break a constraint has no best one, and list and show say so', async () => {
  const task = workplace.task(GOOD, (yaml) => yaml.replace('minimize }', 'minimize, constraints: ["loss < 0"] }'));
  const { stdout } = await workplace.run(['tune', task, ...QUICK, '--trials', '2']);
  expect(stdout).toContain('No valid trial yet: every complete one breaks a constraint of the objective.');
  expect((await workplace.run(['list'])).stdout).toContain('no valid trial yet (minimize)');
  expect((await workplace.run(['show', 'latest'])).stdout).toMatch(
    /\n! +1 {2}complete[\s\S]*\nno valid trial yet\n! breaks a constraint of the objective: loss < 0\n$/,
  );
});

test('another host’s study is not stopped from here, and a name that two studies bear is refused', async () => {
  const out = join(workplace.folder, 'logs/quadratic');
  for (const _ of [1, 2]) await workplace.run(['tune', 'quadratic', ...QUICK, '--trials', '1']);
  const [first = '', second = ''] = readdirSync(out);
  renameSync(join(out, second), join(out, `2026-01-01T00-00-00-${first.split('-').slice(-2).join('-')}`));
  const ambiguous = await workplace.run(['show', first.split('-').slice(-2).join('-')]);
  expect(ambiguous.stderr).toMatch(/names 2 studies: .*, .*\n→ Give the whole id/);
  const bystander = spawn('sleep', ['30']);
  const lock = { host: 'elsewhere', bootId: 'x', pid: bystander.pid, startTime: '1' };
  writeFileSync(join(out, first, 'lock-9.json'), JSON.stringify(lock));
  const stop = await workplace.run(['stop', first]);
  expect(stop.code).toBe(2);
  expect(stop.stderr).toMatch(/\[study-locked\] Process \d+ on host elsewhere/);
  const resumed = await workplace.run(['resume', first, '--trials', '3']);
  expect(resumed.stderr).toMatch(/^error \[study-locked\] Process \d+ on host elsewhere/);
  expect(bystander.kill(0)).toBe(true);
  bystander.kill();
});

test('a task whose objective was edited is not gone on with as if nothing had happened', async () => {
  const task = workplace.task(GOOD);
  await workplace.run(['tune', task, ...QUICK, '--trials', '1']);
  writeFileSync(join(task, 'task.yaml'), readFileSync(join(task, 'task.yaml'), 'utf8').replace('minimize', 'maximize'));
  const resumed = await workplace.run(['resume', 'latest', '--trials', '3']);
  expect(resumed.code).toBe(2);
  expect(resumed.stderr).toMatch(/\[code-changed\] The objective in task\.yaml is not what this study began with/);
});

test('the outputs of the best valid trial are kept, not those of a better one that breaks a constraint', async () => {
  const script =
    'import sys\nx = float(sys.argv[1])\nprint(f"METRIC loss={x} size={x}")\nopen("model.bin", "w").write("m")\n';
  const task = workplace.task(
    script,
    (yaml) => `${yaml.replace('minimize }', 'minimize, constraints: ["size > 0.3"] }')}keep: 1\n`,
  );
  const { stdout } = await workplace.run(['tune', task, ...QUICK, '--trials', '6', '--json']);
  const { study, best } = JSON.parse(stdout);
  const kept = [1, 2, 3, 4, 5, 6].filter((number) => existsSync(join(study, 'trials', `000${number}`, 'model.bin')));
  expect(kept).toEqual([best.trial]);
});

test('check says what would run, and --run trains once with the defaults', async () => {
  const task = workplace.task(GOOD);
  const { code, stdout } = await workplace.run(['check', task, '--run', '--yes']);
  expect(stdout).toMatch(
    /mine: mine[\s\S]*objective +minimize loss[\s\S]*x +float 0 … 1 +default 0\.5[\s\S]*Trained with the defaults: loss 0\.04/,
  );
  expect(code).toBe(0);
});

test('what is reached without learning stands beside the best, in the outcome, in check and in the report', async () => {
  const trivial = (name: string) => (yaml: string) => yaml.replace('minimize }', `minimize, trivial: ${name} }`);
  const task = workplace.task(`print("METRIC trivial_loss=0.5")\n${GOOD}`, trivial('trivial_loss'));
  const flags = [...QUICK, '--trials', '2'];
  expect((await workplace.run(['tune', task, ...flags])).stdout).toContain('Without learning: 0.5000 (trivial_loss)');
  expect(JSON.parse((await workplace.run(['tune', task, ...flags, '--json'])).stdout)).toMatchObject({ trivial: 0.5 });
  expect((await workplace.run(['check', task, '--run'])).stdout).toContain('Without learning: 0.5000');
  const unbeaten = workplace.task(GOOD, trivial('0.0'));
  expect((await workplace.run(['tune', unbeaten, ...flags])).stdout).toContain(
    'Nothing was learned: 0 is reached without learning. Look for a fault in the script or the data.',
  );
  const checked = await workplace.run(['check', unbeaten, '--run']);
  expect(checked.stdout).toMatch(
    /objective\.trivial: with the defaults loss is 0\.04000, no better than what is reached/,
  );
  const unrecorded = workplace.task(GOOD, trivial('nothing'));
  expect((await workplace.run(['check', unrecorded, '--run', '--yes'])).stdout).toContain(
    'objective.trivial: the training recorded no "nothing": let train.py write a row with it',
  );
});

test('check of a broken and a good folder names the mistake and answers 2', async () => {
  const task = workplace.task(GOOD, (yaml) => yaml.replace('objective', 'objektive'));
  const { code, stdout } = await workplace.run(['check', task, 'quadratic']);
  expect(code).toBe(2);
  expect(stdout).toMatch(/objektive: unknown key \(did you mean "objective"\?\)[\s\S]*quadratic: /);
});

test('check says where the seed goes, and what it means that it goes nowhere', async () => {
  const seedOf = async (args: string) => {
    const task = workplace.task(GOOD, (yaml) => yaml.replace('"{x}"', `"${args}"`));
    return /^ +seed +(.*)$/m.exec((await workplace.run(['check', task])).stdout)?.[1];
  };
  expect(await seedOf('{x} {seed}')).toBe('filled in for {seed}');
  expect(await seedOf('{x}')).toMatch(/^none: .*; if the script draws random numbers, equal trials may differ$/);
});

test('evaluate trains the best and the default once more and reads the test metric', async () => {
  const script = `${GOOD}if "--test" in sys.argv:\n    print(f"METRIC test_loss={x}")\n`;
  const task = workplace.task(
    script,
    (yaml) => `${yaml.replace('"{x}"', '"{x} {seed}"')}evaluate: { args: --test, metric: test_loss }\n`,
  );
  await workplace.run(['tune', task, ...QUICK, '--trials', '3']);
  const { code, stdout } = await workplace.run(['evaluate', 'latest', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    metric: 'test_loss',
    results: [
      { which: 'best', value: expect.any(Number) },
      { which: 'default', value: 0.5 },
    ],
  });
  const { stdout: words } = await workplace.run(['evaluate', 'latest']);
  expect(words).toMatch(/One training each does not tell a lead from chance: --repeats 5 /);
});

test('a setting comes from the flag before the environment, the file, and the task', async () => {
  const task = workplace.task(GOOD, (yaml) => `${yaml}budget: { trials: 2 }\n`);
  const trials = async (args: string[], environment = {}) =>
    JSON.parse((await workplace.run(['tune', task, ...QUICK, '--json', ...args], environment)).stdout).trials.total;
  expect(await trials([])).toBe(2);
  writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'trials: 3\n');
  expect(await trials([])).toBe(3);
  expect(await trials([], { AGENTHPO_TRIALS: '4' })).toBe(4);
  expect(await trials(['--trials', '1'], { AGENTHPO_TRIALS: '4' })).toBe(1);
});

test('the first use of a folder is asked about: without a terminal it needs --yes, and is then remembered', async () => {
  const task = workplace.task(GOOD);
  const flags = ['--strategy', 'random', '--executor', 'direct', '--trials', '1'];
  const refused = await workplace.run(['tune', task, ...flags]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /First use of \S+\. agenthpo\n {2}runs +\S*python\S* train\.py \{x\}\n {2}in +a copy .*\n {2}passes +.*PATH.*\n {2}as +you: .*\nerror \[not-confirmed\] .* \(there is no terminal to ask on\)\. Nothing ran\./,
  );
  expect((await workplace.run(['tune', task, ...flags, '--yes'])).code).toBe(0);
  expect((await workplace.run(['tune', task, ...flags])).code).toBe(0);
  writeFileSync(join(task, 'train.py'), `${GOOD}# changed\n`);
  writeFileSync(join(task, 'extra.py'), '');
  const changed = await workplace.run(['tune', task, ...flags]);
  expect(changed.code).toBe(2);
  expect(changed.stderr).toContain('mine changed since you last ran it: extra.py (new), train.py. agenthpo');
});

test('what runs is part of what was confirmed: requirements, variables and arguments; the user’s own flags are not', async () => {
  const task = workplace.task(GOOD);
  const flags = ['--strategy', 'random', '--executor', 'direct', '--trials', '1'];
  await workplace.run(['tune', task, ...flags, '--yes']);
  expect((await workplace.run(['tune', task, ...flags, '--set', 'x=0.25'])).stderr).not.toContain('changed');
  for (const change of ['args: "{x} --more" }', 'args: "{x}" }\nenvironment: { pass: [AWS_SECRET_ACCESS_KEY] }']) {
    workplace.task(GOOD, (yaml) => yaml.replace('args: "{x}" }', change));
    expect((await workplace.run(['tune', task, ...flags])).stderr).toContain('since you last ran it: task.yaml.');
  }
  workplace.task(GOOD);
  writeFileSync(join(task, 'requirements.txt'), '');
  expect((await workplace.run(['tune', task, ...flags])).stderr).toContain('requirements.txt (new)');
});

test('a file of confirmations that cannot be read confirms nothing, and is said and mended', async () => {
  const task = workplace.task(GOOD);
  const state = join(workplace.folder, 'home/.local/state/agenthpo');
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, 'trusted.json'), '{"half');
  const flags = ['--strategy', 'random', '--executor', 'direct', '--trials', '1'];
  const refused = await workplace.run(['tune', task, ...flags]);
  expect(refused.stderr).toMatch(
    /trusted\.json, which remembers confirmed task folders, cannot be read: .*\nFirst use/,
  );
  expect((await workplace.run(['tune', task, ...flags, '--yes'])).code).toBe(0);
  expect((await workplace.run(['tune', task, ...flags])).code).toBe(0);
});

test('resume runs nothing of a changed folder without --new-code, not even its preparation of data', async () => {
  const prepare = 'open("ran", "a").write("x")\n';
  const task = workplace.task(GOOD, (yaml) => `${yaml}data: { prepare: prepare.py }\n`);
  writeFileSync(join(task, 'prepare.py'), prepare);
  await workplace.run(['tune', task, ...QUICK, '--trials', '1']);
  rmSync(join(task, 'ran'));
  writeFileSync(join(task, 'prepare.py'), `${prepare}# changed\n`);
  const refused = await workplace.run(['resume', 'latest', '--trials', '2']);
  expect(refused.stderr).toMatch(/\[code-changed\][\s\S]*→ .*agenthpo resume \S+ --new-code/);
  expect(existsSync(join(task, 'ran'))).toBe(false);
  const accepted = await workplace.run(['resume', 'latest', '--trials', '2', '--new-code']);
  expect(accepted.code, accepted.stderr).toBe(0);
  expect(accepted.stderr).toContain('changed since you last ran it: prepare.py.');
});
