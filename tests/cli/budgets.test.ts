import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeHandler, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'import sys\nprint(f"METRIC loss={(float(sys.argv[1]) - 0.3) ** 2}")\n';
const PRICES = 'prices: { "openai:fake": { input: 10, output: 20 } }\n';

/** Proposes one new value after another, and says little. */
function playing(): FakeHandler {
  let x = 0;
  return ({ tools }) => {
    const names = tools.map((tool) => tool.function.name);
    if (!names.includes('ProposeTrial')) return { kind: 'text', text: 'It went well.' };
    x += 0.01;
    const answer = { expects: { outcome: 'better' }, intent: 'explore', rationale: 'Next.' };
    const args = { basedOn: 'default', hyperparameters: { x }, reasons: { x: 'Smaller.' }, ...answer };
    return { kind: 'tool-call', name: 'ProposeTrial', args };
  };
}

interface Outcome {
  readonly status: string;
  readonly stopReason: string;
  readonly study: string;
  readonly trials: Readonly<Record<string, number>>;
  readonly usage: { readonly requests: number; readonly costUsd: number | null };
}

async function study(flags: readonly string[], prices = PRICES) {
  await using server = await startFakeOpenAi(playing());
  const place = new Workplace();
  writeFileSync(join(place.folder, 'agenthpo.yaml'), prices);
  const usual = [
    '--model',
    'openai:fake',
    '--base-url',
    server.baseUrl,
    '--executor',
    'direct',
    '--seed',
    '1',
    '--yes',
  ];
  const run = await place.run(['tune', place.task(SCRIPT), ...usual, '--json', ...flags]);
  const bodies = server.requests.map(({ body }) => body);
  return { run, outcome: JSON.parse(run.stdout) as Outcome, bodies, place };
}

test.each([
  ['--max-requests', '3', 'request-budget', '"unit":"requests"'],
  ['--max-tokens', '3000', 'token-budget', '"unit":"tokens"'],
  ['--max-cost', '0.05', 'cost-budget', '"unit":"usd"'],
])(
  '%s %s ends a study well: no half trial, the reason in the log, a report',
  async (flag, limit, reason, unit) => {
    const { outcome, bodies } = await study([flag, limit, '--trials', '50']);
    expect(outcome).toMatchObject({ status: 'partial', stopReason: reason, trials: { interrupted: 0, failed: 0 } });
    expect(outcome.trials['complete']).toBeGreaterThan(0);
    expect(outcome.usage.requests).toBe(bodies.length);
    expect(readFileSync(join(outcome.study, 'experiment-log.jsonl'), 'utf8')).toContain(unit);
    expect(readFileSync(join(outcome.study, 'report.md'), 'utf8')).toContain('What did it cost?');
    if (flag === '--max-requests') expect(bodies.length).toBeLessThanOrEqual(3);
    else for (const body of bodies) expect(body['max_completion_tokens']).toBeGreaterThanOrEqual(1000);
  },
  60_000,
);

test('a money limit on an unknown price starts nothing', async () => {
  const place = new Workplace();
  const flags = ['--model', 'openai:nobody-knows', '--max-cost', '2', '--json', '--yes'];
  const run = await place.run(['tune', place.task(SCRIPT), ...flags], { OPENAI_API_KEY: 'sk-test' });
  const { error } = JSON.parse(run.stdout) as { error: Record<string, string> };
  expect(error).toMatchObject({ code: 'settings-invalid', hint: expect.stringContaining('--max-tokens') });
  expect(error['message']).toContain('openai:nobody-knows');
});

test('--estimate needs no key, says requests, tokens and money by role, and starts nothing', async () => {
  const place = new Workplace();
  const run = await place.run(['tune', place.task(SCRIPT), '--estimate', '--model', 'openai:gpt-5-mini', '--json']);
  expect(run.code).toBe(0);
  const { estimates } = JSON.parse(run.stdout) as { estimates: { role: string; usd: { low: number; high: number } }[] };
  expect(estimates.map(({ role }) => role)).toEqual(['creator', 'executor', 'report', 'total']);
  const total = estimates.at(-1)?.usd ?? expect.fail('no total');
  expect(total.low).toBeGreaterThan(0);
  expect(total.high).toBeGreaterThan(total.low);
  expect((await place.run(['list', '--json'])).stdout).not.toContain('mine/');
});
