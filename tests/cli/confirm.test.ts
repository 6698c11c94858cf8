import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** The seed moves the value, and differently for each x. */
const SEEDED = `import random, sys, time
x, seed = float(sys.argv[1]), int(sys.argv[2])
random.seed("%r %d" % (x, seed))
time.sleep(0.2)
print("METRIC loss=%r seen_seed=%d" % ((x - 0.9) ** 2 + random.gauss(0, 0.001), seed))
`;

const takesSeed = (yaml: string) => yaml.replace('"{x}"', '"{x} {seed}", seed: { argument: true }');

async function tuned(script: string, changes = takesSeed): Promise<string> {
  const task = workplace.task(script, changes);
  expect((await workplace.run(['tune', task, ...QUICK, '--trials', '4'])).code).toBe(0);
  const [study = ''] = readdirSync(join(workplace.folder, 'logs/mine'));
  return join(workplace.folder, 'logs/mine', study);
}

function confirmations(study: string) {
  const { events } = readExperimentLog(join(study, 'experiment-log.jsonl'));
  return events.filter((event) => event.event === 'confirmation-trained');
}

const printed = z.object({
  passesSeed: z.boolean(),
  confirmation: z.object({
    verdict: z.string(),
    lead: z.object({ pairs: z.int(), mean: z.number(), low: z.number(), high: z.number() }),
    seeds: z.array(z.object({ seed: z.int(), best: z.number(), default: z.number(), lead: z.number() })),
  }),
});

test('the best and the default are trained under the same fresh seeds, and the lead gets an interval', async () => {
  const study = await tuned(SEEDED);
  const { code, stdout, stderr } = await workplace.run(['confirm', 'latest', '-n', '3', '--json']);
  expect(code).toBe(0);
  expect(stderr).toContain('6 trainings: the best and the default under 3 fresh seeds. They are no trials');
  const { confirmation, passesSeed } = printed.parse(JSON.parse(stdout));
  expect(confirmation.seeds.map(({ seed }) => seed)).toEqual([8, 9, 10]);
  for (const each of confirmation.seeds) expect(each.lead).toBeCloseTo(each.default - each.best);
  expect(new Set(confirmation.seeds.map(({ lead }) => lead)).size).toBe(3);
  expect(confirmation).toMatchObject({ verdict: 'confirmed', lead: { pairs: 3 } });
  expect(passesSeed).toBe(true);
  const report = readFileSync(join(study, 'report.md'), 'utf8');
  expect(report).toMatch(/Is that above the noise\?\*\* \*\*Confirmed: better by .* on 3 fresh seeds\.\*\*/);
  expect(report).toMatch(/## Confirmation\n[\s\S]*Student’s t interval/);
  expect(report).toContain('4 trials (4 complete)');
});

test('what was trained is not trained again; more seeds add to it', async () => {
  const study = await tuned(SEEDED);
  await workplace.run(['confirm', 'latest', '-n', '2']);
  const again = await workplace.run(['confirm', 'latest', '-n', '2']);
  expect(again.stderr).toContain('were trained under 2 fresh seeds already');
  expect(again.stdout).toMatch(/^loss, lower is better.*\nseed +best +default +lead\n8 .*\n9 .*\nmean ± sd /);
  expect(confirmations(study)).toHaveLength(4);
  await workplace.run(['confirm', 'latest', '-n', '3']);
  expect(confirmations(study)).toHaveLength(6);
});

test('a confirmation that was killed goes on where it was', async () => {
  const study = await tuned(SEEDED);
  const child = workplace.start(['confirm', 'latest']);
  child.stderr.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (said: string) => {
      if (said.includes('2 of 6')) resolve();
    });
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const before = confirmations(study);
  expect(before.length).toBeGreaterThanOrEqual(2);
  expect(before.length).toBeLessThan(6);
  const { code, stderr } = await workplace.run(['confirm', 'latest']);
  expect(code).toBe(0);
  expect(stderr).toContain(`${6 - before.length} training`);
  const after = confirmations(study);
  expect(after.slice(0, before.length)).toEqual(before);
  const trained = after.map(({ hyperparameters, seed }) => `${hyperparameters['x']} ${seed}`);
  expect(new Set(trained).size).toBe(6);
  expect(trained).toHaveLength(6);
});

test('a training that outlived its tuner is adopted, not begun again', async () => {
  const counted = SEEDED.replace(
    'time.sleep(0.2)',
    'open(sys.argv[3], "a").write("x"); time.sleep(1 if seed > 7 else 0)',
  );
  const starts = join(workplace.folder, 'starts');
  await tuned(counted, (yaml) => takesSeed(yaml).replace('{seed}"', `{seed} ${starts}"`));
  writeFileSync(starts, '');
  const child = workplace.start(['confirm', 'latest', '-n', '2']);
  while (readFileSync(starts, 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await workplace.run(['confirm', 'latest', '-n', '2'])).code).toBe(0);
  expect(readFileSync(starts, 'utf8')).toHaveLength(4);
});

test('a task without a seed is told that repeats say little', async () => {
  const script = 'import sys\nx = float(sys.argv[1])\nprint("METRIC loss=%r" % ((x - 0.9) ** 2))\n';
  const study = await tuned(script, (yaml) => yaml);
  const { stdout } = await workplace.run(['confirm', 'latest', '-n', '2']);
  expect(stdout).toContain('The task passes no seed to its script (train.seed)');
  expect(stdout).toMatch(/^The lead is confirmed: better by \S+ on each of 2 fresh seeds\.$/m);
  expect(stdout).not.toContain('interval of');
  const report = readFileSync(join(study, 'report.md'), 'utf8');
  expect(report).toContain('on each of 2 fresh seeds.** Every repeat gave exactly the same value');
  expect(report).not.toMatch(/no configuration was trained with a second seed|whether the lead holds/);
});

test('changed code is another thing than the study’s', async () => {
  await tuned(SEEDED);
  workplace.task(`${SEEDED}# changed\n`, takesSeed);
  const { code, stderr } = await workplace.run(['confirm', 'latest']);
  expect(code).toBe(2);
  expect(stderr).toContain('[code-changed]');
});

test('without a lead or without a spread there is nothing to confirm', async () => {
  await tuned('import sys\nprint("METRIC loss=%r" % abs(float(sys.argv[1]) - 0.5))\n', (yaml) => yaml);
  const none = await workplace.run(['confirm', 'latest']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('The defaults are the best of the study')]);
  expect(none.stderr).toContain('--trials 14');
  const one = await workplace.run(['confirm', 'latest', '-n', '1']);
  expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('at least 2 seeds, got 1')]);
});

test('trainings without a value are said, and end with a code of their own', async () => {
  await tuned(SEEDED.replace('time.sleep(0.2)', 'assert seed < 8, "unlucky"'));
  const { code, stdout } = await workplace.run(['confirm', 'latest', '-n', '2']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/Fewer than two seeds gave both a value: .*unlucky/);
});
