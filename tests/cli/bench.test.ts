import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** The default is far from the best, so that any search gains. */
const PARABOLA = `import sys
x = float(sys.argv[1])
print("METRIC loss=%r" % ((x - 0.9) ** 2))
`;

const results = z.object({
  status: z.string(),
  verdict: z.string(),
  reference: z.string(),
  seeds: z.array(z.int()),
  arms: z.array(
    z.object({
      arm: z.string(),
      median: z.number(),
      meanRank: z.number(),
      trials: z.int(),
      against: z.object({ wins: z.int(), ties: z.int(), losses: z.int() }).optional(),
      milestones: z.array(z.object({ trials: z.int(), median: z.number() })),
    }),
  ),
  studies: z.array(z.object({ arm: z.string(), seed: z.int(), study: z.string(), bestSoFar: z.array(z.number()) })),
});

function bench(more: readonly string[] = []): string[] {
  const task = workplace.task(PARABOLA);
  return [
    'bench',
    '--task',
    task,
    '--arms',
    'gp,random',
    '--trials',
    '4',
    '--seeds',
    '2',
    '--out',
    'b',
    '--yes',
    ...more,
  ];
}

test('every arm gets a real study with every seed, and the results say who won', async () => {
  const { code, stdout, stderr } = await workplace.run(bench(['--json']));
  expect(stderr).toContain('2 arms × 2 seeds × 4 trials: 16 trainings to run');
  expect(code).toBe(0);
  const { status, arms, reference, studies, seeds, verdict } = results.parse(JSON.parse(stdout));
  expect({ status, reference, seeds }).toEqual({ status: 'complete', reference: 'random', seeds: [1, 2] });
  const [gp, random] = arms;
  expect(gp).toMatchObject({ arm: 'gp', trials: 8 });
  expect((gp?.against?.wins ?? 0) + (gp?.against?.ties ?? 0) + (gp?.against?.losses ?? 0)).toBe(2);
  expect(random?.against).toBeUndefined();
  expect((gp?.meanRank ?? 0) + (random?.meanRank ?? 0)).toBe(3);
  // All begin with the defaults.
  for (const { bestSoFar } of studies) expect(bestSoFar[0]).toBeCloseTo(0.16);
  for (const { study } of studies)
    expect(existsSync(join(workplace.folder, 'b', study, 'experiment-log.jsonl'))).toBe(true);
  expect(verdict).toMatch(
    /^Too few seeds to tell: even winning with all 2 would be chance \(p = 0\.5\); it takes 6\. Won–tied–lost .*: gp \d–\d–\d\.$/,
  );
  const page = readFileSync(join(workplace.folder, 'b/results.md'), 'utf8');
  expect(page).toContain(verdict.slice(0, 40));
  expect(page).toContain('best-so-far.svg');
  expect(readFileSync(join(workplace.folder, 'b/best-so-far.svg'), 'utf8')).toContain('<svg');
});

test('a benchmark that was killed goes on; what was finished is not run again, and more seeds can be added', async () => {
  const child = workplace.start(bench());
  child.stderr.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (said: string) => {
      if (said.includes('seed 1')) resolve();
    });
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const first = logOf('gp-seed-1');
  const { code, stdout, stderr } = await workplace.run(bench(['--json']));
  expect(stderr).toMatch(/[1-3] of 4 studies are done/);
  expect(code).toBe(0);
  expect(results.parse(JSON.parse(stdout)).studies).toHaveLength(4);
  expect(logOf('gp-seed-1')).toBe(first);
  expect(readdirSync(join(workplace.folder, 'b/studies'))).toHaveLength(4);
  const more = await workplace.run(bench(['--json', '--seeds', '3']));
  expect(more.stderr).toContain('4 of 6 studies are done: 8 trainings left');
  expect(results.parse(JSON.parse(more.stdout)).seeds).toEqual([1, 2, 3]);
  expect(logOf('gp-seed-1')).toBe(first);
});

test('a benchmark compares one code: after a change it says what changed, and begins anew elsewhere', async () => {
  const first = await workplace.run(bench(['--trials', '2']));
  expect(first.stderr).toContain(`under ${join(workplace.folder, 'b/studies')}\n`);
  const task = workplace.task(`${PARABOLA}# changed\n`);
  const { code, stderr } = await workplace.run([
    'bench',
    '--task',
    task,
    '--arms',
    'gp,random',
    '--trials',
    '2',
    '--seeds',
    '2',
    '--out',
    'b',
    '--yes',
  ]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\[code-changed\] .*: train\.py \(changed\)\./);
  expect(stderr).toContain('or begin a new benchmark in another folder with --out.');
});

function logOf(cell: string): string {
  const folder = join(workplace.folder, 'b/studies', cell, 'mine');
  const [study = ''] = readdirSync(folder);
  return readFileSync(join(folder, study, 'experiment-log.jsonl'), 'utf8');
}

test.each([
  [['--arms', 'gp,rnadom'], /There is no arm "rnadom" \(did you mean "random"\?\)/],
  [['--arms', 'gp'], /at least two arms, got gp\.\n→ Write for example: --arms gp,random/],
  [['--arms', 'gp,random,gp'], /The arm gp is named twice/],
  [['--seeds', '0'], /--seeds must be at least 1/],
])('%s is refused with what would be accepted', async (more, message) => {
  const { code, stderr } = await workplace.run(bench(more));
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(existsSync(join(workplace.folder, 'b'))).toBe(false);
});

test('an estimate starts nothing', async () => {
  const { code, stdout } = await workplace.run(bench(['--estimate']));
  expect(code).toBe(0);
  expect(stdout).toContain('2 arms × 2 seeds × 4 trials: 16 trainings to run');
  expect(existsSync(join(workplace.folder, 'b'))).toBe(false);
});

test('defaults that do not run end the benchmark with the way to find out', async () => {
  workplace.task('raise SystemExit("no data")\n');
  const args = [
    'bench',
    '--task',
    'mine',
    '--arms',
    'gp,random',
    '--trials',
    '3',
    '--seeds',
    '2',
    '--out',
    'b',
    '--yes',
  ];
  const { code, stdout } = await workplace.run(args);
  expect(code).toBe(4);
  expect(stdout).toMatch(/Failed: [\s\S]*\nTo see why: agenthpo check .*mine --run/);
});

test('the folder of another benchmark is not gone on with', async () => {
  await workplace.run(bench(['--trials', '1', '--seeds', '1']));
  const { code, stderr } = await workplace.run(bench(['--trials', '1', '--seeds', '1', '--task', 'quadratic']));
  expect(code).toBe(2);
  expect(stderr).toMatch(/gp-seed-1.* is of another benchmark: its task is ".*mine", not ".*quadratic"/);
});

test.each([
  ['hybrid', 'overrule_share: 0.5\n', [], 'overrule_share is 0.5, not 0.3'],
  ['llm-then-gp', 'llm_trials: 2\n', [], 'llm_trials is 2, not 1'],
  ['llm-then-gp', '', ['--trials', '6'], 'llm_trials is 1, not 2'],
])('studies of %s that began with %j are not gone on with otherwise', async (arm, settings, more, told) => {
  const file = join(workplace.folder, 'agenthpo.yaml');
  const args = bench(['--arms', `${arm},random`, '--model', 'offline', '--trials', '1', '--seeds', '1']);
  writeFileSync(file, settings);
  expect((await workplace.run(args)).code).toBe(0);
  expect((await workplace.run([...args, '--estimate'])).code).toBe(0);
  writeFileSync(file, '');
  const { code, stderr } = await workplace.run([...args, ...more]);
  expect(code).toBe(2);
  expect(stderr).toContain(`is of another benchmark: its ${told}.`);
});

test('several models stand side by side, each a Creator of its own', async () => {
  const args = bench(['--arms', 'random', '--models', 'offline', '--seeds', '1', '--json']);
  const { code, stdout } = await workplace.run(args);
  expect(code).toBe(0);
  const { arms } = results.parse(JSON.parse(stdout));
  expect(arms.map(({ arm }) => arm)).toEqual(['random', 'creator(offline)']);
  expect(arms[1]?.milestones.map(({ trials }) => trials)).toEqual([1, 2, 3, 4]);
  expect(readFileSync(join(workplace.folder, 'b/results.md'), 'utf8')).toContain('no language model');
});

test('what a priced model costs is said before, kept under one limit, and told for each arm', async () => {
  const words = { expects: { outcome: 'better' }, intent: 'explore', rationale: 'Next.' };
  const proposal = { basedOn: 'default', hyperparameters: { x: 0.7 }, reasons: { x: 'Higher.' }, ...words };
  await using server = await startFakeOpenAi(({ tools }) =>
    tools.some((tool) => tool.function.name === 'ProposeTrial')
      ? { kind: 'tool-call', name: 'ProposeTrial', args: proposal }
      : { kind: 'text', text: 'It went well.' },
  );
  writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'prices: { "openai:fake": { input: 10, output: 20 } }\n');
  const model = ['--model', 'openai:fake', '--base-url', server.baseUrl];
  const args = [...bench(), ...model, '--arms', 'creator,random', '--trials', '2', '--seeds', '1'];
  const { code, stdout, stderr } = await workplace.run(args, { OPENAI_API_KEY: 'sk-test' });
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('The whole benchmark costs $1 at most; --max-cost sets another limit.');
  expect(stdout).toMatch(/^Studies: b\/studies$/m);
  const { arms } = z
    .object({ arms: z.array(z.object({ arm: z.string(), requests: z.int(), usd: z.number() })) })
    .parse(JSON.parse(readFileSync(join(workplace.folder, 'b/results.json'), 'utf8')));
  // The server counts 100 tokens of each prompt and 10 of each answer.
  const spent = (server.requests.length * (100 * 10 + 10 * 20)) / 1e6;
  expect(arms).toEqual([
    { arm: 'creator', requests: server.requests.length, usd: expect.closeTo(spent, 10) },
    { arm: 'random', requests: 0, usd: 0 },
  ]);
  expect(stdout).toMatch(new RegExp(`^creator .* \\$${Number(spent.toPrecision(2))}$`, 'm'));
});
