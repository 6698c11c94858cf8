import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FakeHandler, type FakeOpenAi, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { RealTerminal } from './real-terminal.ts';
import { QUICK, Workplace } from './run-cli.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

const SCRIPT = 'import sys\nprint(f"METRIC loss={(float(sys.argv[1]) - 0.3) ** 2}")\n';

/** Proposes these values one after the other; says a few words to every other request. */
function proposing(...values: number[]): FakeHandler {
  const left = [...values];
  return ({ tools }) => {
    const names = tools.map((tool) => tool.function.name);
    if (names.includes('ConcludeStudy'))
      return { kind: 'tool-call', name: 'ConcludeStudy', args: { best: 'b', influence: { x: 'i' }, future: 'f' } };
    if (!names.includes('ProposeTrial')) return { kind: 'text', text: 'It ran.' };
    const x = left.shift();
    const args = {
      basedOn: 'default',
      hyperparameters: { x },
      reasons: { x: `the reason for ${x}` },
      expects: { outcome: 'better', value: 0.01 },
      intent: 'explore',
      rationale: `Trying ${x}.`,
    };
    return { kind: 'tool-call', name: 'ProposeTrial', args };
  };
}

function begin(workplace: Workplace, server: FakeOpenAi, words: readonly string[]): RealTerminal {
  const environment = { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: server.baseUrl };
  return new RealTerminal({ workplace, args: words, columns: 100, rows: 40, environment });
}

function tuneWords(workplace: Workplace, server: FakeOpenAi): string[] {
  const model = ['--model', 'openai:fake', '--base-url', server.baseUrl, '--executor', 'direct', '--yes'];
  return ['tune', workplace.task(SCRIPT), ...model, '--trials', '3', '--approve'];
}

function events(workplace: Workplace) {
  const studies = join(workplace.folder, 'logs/mine');
  const log = join(studies, readdirSync(studies)[0] ?? '', 'experiment-log.jsonl');
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

const named = (workplace: Workplace, name: string) => events(workplace).filter(({ event }) => event === name);

describe.skipIf(!hasPython)('on a real terminal (skipped where there is no python3 to make one)', () => {
  test('reject with a reason, edit with a violation first, stop, resume, accept', async () => {
    await using server = await startFakeOpenAi(proposing(0.9, 0.7, 0.6, 0.35));
    const workplace = new Workplace();
    const terminal = begin(workplace, server, tuneWords(workplace, server));
    await terminal.shows(/Trial 2, proposed by the Creator:[\s\S]*x +0\.5 +0\.9 +the reason for 0\.9[\s\S]*\[s\]top:$/);
    expect((await terminal.lines()).join('\n')).toMatch(
      /expected: better than the best so far, about 0\.01\n +why: Trying 0\.9\./,
    );
    expect(terminal.isCursorVisible).toBe(true);
    terminal.type('r\r');
    await terminal.shows('Why not?');
    terminal.type('far too large\r');
    await terminal.shows('the reason for 0.7');
    const told = server.requests.findLast(({ tools }) => tools.some((tool) => tool.function.name === 'ProposeTrial'));
    expect(told?.messages.at(-1)?.content).toContain('turned down {"x":0.9} for trial 2, because "far too large"');
    terminal.type('abort\r');
    await terminal.shows('Type a, e, r or s, or the whole word.');
    terminal.type('edit\r');
    await terminal.shows('Values to change, such as x=0.7');
    terminal.type('x=7\r');
    await terminal.shows('x = 7 is outside [0, 1] (inclusive)');
    terminal.type('x=0.5\r');
    await terminal.shows('already tried: it is trial 1 (complete)');
    terminal.type('x=0.25\r');
    await terminal.shows(/x +0\.5 +0\.25 +yours, was 0\.7/);
    terminal.type('a\r');
    await terminal.shows('the reason for 0.6');
    terminal.type('s\r');
    expect(await terminal.ended()).toBe(3);
    expect((await terminal.lines()).join('\n')).toMatch(
      /Paused: Stopped by the user[\s\S]*Go on with: agenthpo resume \S+$/,
    );
    expect(named(workplace, 'proposal-rejected')).toMatchObject([
      { by: 'user', origin: 'creator', trial: 2, hyperparameters: { x: 0.9 }, violations: ['far too large'] },
    ]);
    const unasked = await workplace.run(['resume', 'latest'], { OPENAI_API_KEY: 'test' });
    expect(unasked.stderr).toMatch(/there is no terminal to ask on[\s\S]*agenthpo resume \S+ --no-approve$/m);
    const resumed = begin(workplace, server, ['resume', 'latest']);
    await resumed.shows('the reason for 0.35');
    resumed.type('a\r');
    expect(await resumed.ended()).toBe(0);
    expect(named(workplace, 'trial-proposed')).toMatchObject([
      { proposal: { origin: 'default' } },
      { proposal: { origin: 'user', hyperparameters: { x: 0.25 }, basedOn: 'default', reasons: {} } },
      { proposal: { origin: 'creator', hyperparameters: { x: 0.35 } } },
    ]);
  });

  test.each([
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 3],
  ])('%s at the question pauses the study in order', async (_, key, code) => {
    await using server = await startFakeOpenAi(proposing(0.9));
    const workplace = new Workplace();
    const terminal = begin(workplace, server, tuneWords(workplace, server));
    await terminal.shows('[s]top:');
    terminal.type(key);
    expect(await terminal.ended()).toBe(code);
    expect((await terminal.lines()).join('\n')).toMatch(/Paused: [\s\S]*Go on with: agenthpo resume \S+$/);
    expect(named(workplace, 'study-paused')).toHaveLength(1);
    expect(terminal.isCursorVisible).toBe(true);
  });

  test('what a sampler proposes can be turned down too, and is not proposed again', async () => {
    const workplace = new Workplace();
    const args = ['tune', workplace.task(SCRIPT), ...QUICK, '--trials', '2', '--approve'];
    const terminal = new RealTerminal({ workplace, args, columns: 100, rows: 40 });
    await terminal.shows('[s]top:');
    terminal.type('r\r');
    await terminal.shows('Why not?');
    terminal.type('\r');
    await terminal.shows(/\[s\]top:[\s\S]*\[s\]top:$/);
    terminal.type('a\r');
    expect(await terminal.ended()).toBe(0);
    const [rejected] = named(workplace, 'proposal-rejected');
    const [, accepted] = named(workplace, 'trial-proposed');
    expect(rejected).toMatchObject({ by: 'user', origin: 'random', violations: [] });
    expect(accepted).not.toMatchObject({ proposal: { hyperparameters: rejected?.['hyperparameters'] } });
  });
});

test('without a terminal, --approve is refused before anything begins', async () => {
  const workplace = new Workplace();
  const { code, stderr } = await workplace.run(['tune', 'quadratic', ...QUICK, '--approve']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/error \[usage\] --approve asks before each trial, and there is no terminal to ask on\./);
  expect(readdirSync(workplace.folder)).not.toContain('logs');
});
