import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** A loss that its seed shifts by a tenth; the test metric is only computed when it is asked for. */
const SCRIPT = `import sys
loss = abs(float(sys.argv[1]) - 0.25) + int(sys.argv[2]) / 10
print(f"METRIC loss={loss}")
if "--test" in sys.argv: print(f"METRIC test_loss={loss + 1}")
`;
const seeded = (yaml: string) =>
  `${yaml.replace('args: "{x}"', 'args: "{x} {seed}", seed: { argument: true }')}evaluate: { args: --test, metric: test_loss }\n`;

test('evaluate --task trains the defaults under each seed: the mean and the spread of the test metric, and no study', async () => {
  workplace.task(SCRIPT, seeded);
  const { code, stdout, stderr } = await workplace.run([
    'evaluate',
    '--task',
    'mine',
    '--repeats',
    '3',
    '--yes',
    '--json',
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('3 of 3: seed 3: 1.550')]);
  expect(JSON.parse(stdout)).toMatchObject({
    metric: 'test_loss',
    results: [{ seed: 1, value: 1.35 }, { seed: 2 }, { seed: 3, value: 1.55 }],
    count: 3,
    mean: expect.closeTo(1.45, 10),
    deviation: expect.closeTo(0.1, 10),
  });
  expect(readdirSync(workplace.folder)).not.toContain('logs');
  const again = await workplace.run(['evaluate', '--task', 'mine', '--objective', '--repeats', '2']);
  expect(again.stdout).toMatch(
    /Lower is better\.\nseed +loss\n1 +0\.3500\n2 +0\.4500\nmean ± sd +0\.4000 ± 0\.07071\n$/,
  );
});

test('evaluate --repeats of a study sets the best beside the default under each seed, in the log and the report too', async () => {
  const task = workplace.task(SCRIPT, seeded);
  await workplace.run(['tune', task, ...QUICK, '--trials', '4']);
  const { code, stdout } = await workplace.run(['evaluate', 'latest', '--repeats', '3']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^test_loss: Lower is better\.[\s\S]*\n7 [\s\S]*\n8 [\s\S]*\n9 [\s\S]*\nmean ± sd +\S+ ± 0\.1 /,
  );
  expect(stdout).toContain('The best is ahead with 3 of 3 seeds');
  const study = join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');
  const log = readFileSync(join(study, 'experiment-log.jsonl'), 'utf8');
  expect(log.match(/"event":"evaluation-finished","by":"test","metric":"test_loss","seed":[789],/g)).toHaveLength(3);
  const report = readFileSync(join(study, 'report.md'), 'utf8');
  expect(report).toMatch(/Mean and standard deviation of `test_loss` over 3 seeds: \S+ ± 0\.1 for the best/);
});

test('where the defaults are the best, one training under each seed stands for both, in one column', async () => {
  const task = workplace.task(SCRIPT, (yaml) => seeded(yaml.replace('default: 0.5', 'default: 0.25')));
  await workplace.run(['tune', task, ...QUICK, '--trials', '3']);
  const several = await workplace.run(['evaluate', 'latest', '--repeats', '2']);
  expect(several.stderr).toMatch(/2 of 2: seed 8: default 1\.800$/m);
  expect(several.stdout).toMatch(
    /^The defaults are the best of the study: there is no lead to check\.\nLower is better\.\nseed +test_loss\n7 +1\.700\n8 +1\.800\nmean/,
  );
  const study = join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');
  const report = readFileSync(join(study, 'report.md'), 'utf8');
  expect(report).toContain('| Metric | Seed | Default |');
  expect(report).toMatch(/over 2 seeds: 1\.75 ± \S+ for the defaults\./);
  const once = await workplace.run(['evaluate', 'latest']);
  expect(once.stdout).toMatch(/^ +trial +seed +test_loss +configuration\ndefault +1 .*\nThe defaults are the best /);
  const { seeds } = JSON.parse((await workplace.run(['evaluate', 'latest', '--repeats', '2', '--json'])).stdout);
  expect(seeds[0]).toMatchObject({ seed: 7, best: 1.7, default: 1.7 });
});

test('repeats of a script that gets no seed show what it draws by itself, which is said', async () => {
  const task = workplace.task(
    'import random, sys\nprint(f"METRIC loss={abs(float(sys.argv[1]) - 0.25) + random.random() / 1e3}")\n',
  );
  await workplace.run(['tune', task, ...QUICK, '--trials', '3']);
  const said = /\nThe task passes no seed to its script \(train\.seed\), so that the repeats differ only by what .*\n$/;
  expect((await workplace.run(['evaluate', 'latest', '--objective', '--repeats', '3'])).stdout).toMatch(said);
  const defaults = ['evaluate', '--task', 'mine', '--objective', '--repeats', '3'];
  expect((await workplace.run(defaults)).stdout).toMatch(said);
  const { passesSeed, deviation } = JSON.parse((await workplace.run([...defaults, '--json'])).stdout);
  expect([passesSeed, deviation > 0]).toEqual([false, true]);
});

test('a lead that is the same under every seed has no interval', async () => {
  const task = workplace.task('import sys\nprint(f"METRIC loss={abs(float(sys.argv[1]) - 0.25)}")\n');
  await workplace.run(['tune', task, ...QUICK, '--trials', '3']);
  const { stdout } = await workplace.run(['evaluate', 'latest', '--objective', '--repeats', '3']);
  expect(stdout).toMatch(
    /ahead with 3 of 3 seeds, on average by 0\.\d+ \(the same under every seed, so that there is no interval\)\.$/m,
  );
});

test('evaluate wants a study or a task, and what belongs to the other is refused', async () => {
  const refusal = async (...args: string[]) => (await workplace.run(['evaluate', ...args])).stderr;
  expect(await refusal()).toContain('[usage] evaluate takes a study, or a task with --task: one of the two.');
  expect(await refusal('latest', '--task', 'digits')).toContain('one of the two');
  expect(await refusal('latest', '--profile', 'paper')).toContain('[usage] --profile goes with --task');
  expect(await refusal('--task', 'digits', '--repeats', '0')).toContain('[usage] --repeats must be at least 1, got 0.');
  expect(await refusal('--task', 'quadratic')).toContain('[task-invalid] quadratic does not say how to evaluate.');
});
