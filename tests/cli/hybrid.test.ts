import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const GOOD = 'import sys\nx = float(sys.argv[1])\nprint(f"METRIC loss={(x - 0.3) ** 2}")\n';
const OFFLINE = ['--model', 'offline', '--executor', 'direct', '--seed', '3', '--yes'];

const tune = (task: string, ...flags: string[]) => workplace.run(['tune', task, ...OFFLINE, ...flags]);
const show = async (study = 'latest') => JSON.parse((await workplace.run(['show', study, '--json'])).stdout);
const logOf = (study: string): Record<string, unknown>[] =>
  readFileSync(join(study, 'experiment-log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const outcomeOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);

describe('hybrid', () => {
  test('offline takes the optimiser’s candidates; the log, the report and --json say what became of them', async () => {
    const task = workplace.task(GOOD);
    const run = await tune(task, '--strategy', 'hybrid', '--trials', '6', '--json');
    expect(run.code, run.stderr).toBe(0);
    const { advice, study } = outcomeOf(run);
    expect(advice.adopted).toMatchObject({ proposals: 4, judged: 4, meanMeasured: expect.any(Number) });
    expect(advice.overruled.proposals).toBe(0);
    expect(run.stderr).toMatch(/trial 3 proposed \(offline, adopted candidate 1\)/);
    const proposed = logOf(study).filter(({ event }) => event === 'trial-proposed');
    expect(proposed.at(-1)).toMatchObject({
      proposal: { advice: { taken: 'adopted', candidate: { number: 1 }, predicted: { value: expect.any(Number) } } },
    });
    const report = readFileSync(join(study, 'report.md'), 'utf8');
    expect(report).toMatch(/^# .*offline optimiser, no language model/);
    expect(report).toContain('## The Creator and the optimiser');
    expect(report).toMatch(/\| adopted: a candidate as it was \| 4 \| \d of 4 \|/);
  });

  test('a resumed study proposes what an uninterrupted one would have', async () => {
    const task = workplace.task(GOOD);
    const flags = ['--strategy', 'hybrid', '--overrule-share', '0.5'];
    await tune(task, ...flags, '--trials', '6');
    const whole = (await show()).trials;
    await tune(task, ...flags, '--trials', '4');
    expect((await workplace.run(['resume', 'latest', '--trials', '6'])).code).toBe(0);
    const values = (trials: { proposal: { hyperparameters: unknown } }[]) =>
      trials.map(({ proposal }) => proposal.hyperparameters);
    expect(values((await show()).trials)).toEqual(values(whole));
  });

  test.each(['2', '-1'])('%s is no share and is refused', async (share) => {
    const { code, stderr } = await tune('quadratic', '--strategy', 'hybrid', '--overrule-share', share);
    expect(code).toBe(2);
    expect(stderr).toContain(`--overrule-share: got ${share}; must be a share from 0 to 1, such as 0.3`);
    expect(stderr).toContain('Write for example: --overrule-share 0.3');
  });

  test('a flag that the strategy would ignore is refused; the same setting in a file waits for its strategy', async () => {
    const flag = await tune('quadratic', '--strategy', 'gp', '--overrule-share', '0.5');
    expect(flag.code).toBe(2);
    expect(flag.stderr).toContain('[usage] --overrule-share 0.5 means nothing to the strategy gp, only to hybrid.');
    writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'overrule_share: 0.5\n');
    expect((await tune('quadratic', '--strategy', 'random', '--trials', '1')).code).toBe(0);
  });
});

describe('llm-then-gp', () => {
  test('the Creator proposes a third of the trials, the sampler the rest; a resume keeps the number', async () => {
    await tune('quadratic', '--strategy', 'llm-then-gp', '--trials', '6');
    const origins = async () =>
      (await show()).trials.map(({ proposal }: { proposal: { origin: string } }) => proposal.origin);
    expect(await origins()).toEqual(['default', 'offline', 'offline', 'gp', 'gp', 'gp']);
    await workplace.run(['resume', 'latest', '--trials', '7']);
    expect(await origins()).toEqual(['default', 'offline', 'offline', 'gp', 'gp', 'gp', 'gp']);
  });

  test('after its points the language model is asked for the final analysis alone', async () => {
    const proposal: FakeReply = {
      kind: 'tool-call',
      name: 'ProposeTrial',
      args: {
        basedOn: 'default',
        hyperparameters: { x: 0.4 },
        reasons: { x: 'Lower.' },
        expects: { outcome: 'better' },
        intent: 'explore',
        rationale: 'A look.',
      },
    };
    const analysis = { best: 'One.', influence: { x: 'Some.' }, future: 'More.' };
    await using server = await startFakeOpenAi([
      { kind: 'text', text: 'The defaults.' },
      proposal,
      ...['One.', 'Two.', 'Three.'].map((text): FakeReply => ({ kind: 'text', text })),
      { kind: 'tool-call', name: 'ConcludeStudy', args: analysis },
    ]);
    const flags = ['--strategy', 'llm-then-gp', '--llm-trials', '1', '--trials', '4', '--executor', 'direct', '--yes'];
    const model = ['--model', 'openai:fake', '--base-url', server.baseUrl, '--max-cost', 'null'];
    const run = await workplace.run(['tune', workplace.task(GOOD), ...flags, ...model, '--json'], {
      OPENAI_API_KEY: 'sk-test',
    });
    expect(run.code, run.stderr).toBe(0);
    expect(outcomeOf(run).usage.roles).toMatchObject({ creator: { requests: 1 }, report: { requests: 1 } });
  });
});

describe('--warm-start', () => {
  const study = () => join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');

  test('an earlier study is learned from, and the new log stands without it', async () => {
    const task = workplace.task(GOOD);
    await tune(task, '--strategy', 'random', '--trials', '5');
    const flags = ['--strategy', 'gp', '--warm-start', 'latest', '--set', 'x_unused=1'].slice(0, 4);
    const run = await tune(task, ...flags, '--trials', '2', '--json');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/Warm start: 5 complete trials of mine\/\S+\./);
    const warm = outcomeOf(run);
    expect(logOf(warm.study)[0]).toMatchObject({ warmStart: { trials: { length: 5 }, leftOut: 0 } });
    expect(warm.trials.total).toBe(2);
    expect((await show()).trials[1].proposal.rationale).toContain(
      '1 finished trial with a value, and 5 of an earlier study',
    );
    const earlier = basename(study());
    const report = readFileSync(join(warm.study, 'report.md'), 'utf8');
    expect(report).toContain(`5 complete trials of \`${earlier}\``);
    expect(report).toContain(`--warm-start ${earlier} `);
    renameSync(study(), join(workplace.folder, 'gone'));
    const resumed = await workplace.run(['resume', 'latest', '--trials', '3']);
    expect(resumed.code, resumed.stderr).toBe(0);
  });

  test('values outside the present range are left out, which is said', async () => {
    const task = workplace.task(GOOD);
    await tune(task, '--strategy', 'grid', '--trials', '3'); // 0.5, and both ends
    workplace.task(GOOD, (yaml) => yaml.replace('[0.0, 1.0]', '[0.0, 0.8]'));
    const { stderr } = await tune(task, '--strategy', 'gp', '--warm-start', 'latest', '--trials', '1');
    expect(stderr).toContain('; 1 outside the present ranges and choices is left out.');
  });

  test('another metric, another task and a changed type are refused with what differs', async () => {
    const task = workplace.task(GOOD);
    await tune(task, '--strategy', 'random', '--trials', '2');
    const warm = async (name = task) => {
      const { code, stderr } = await tune(name, '--strategy', 'gp', '--trials', '1', '--warm-start', study());
      expect(code).toBe(2);
      return stderr;
    };
    expect(await warm('quadratic')).toContain('it is a study of mine, not of quadratic');
    workplace.task(GOOD, (yaml) => yaml.replace('direction: minimize', 'direction: maximize'));
    expect(await warm()).toContain('its objective is minimize loss (last), this one’s maximize loss (last)');
    workplace.task(GOOD, (yaml) =>
      yaml.replace('type: float, range: [0.0, 1.0], default: 0.5', 'type: int, range: [0, 9], default: 1'),
    );
    expect(await warm()).toContain('its x is of type float, this one’s of type int');
  });
});
