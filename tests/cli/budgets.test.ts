import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeHandler, type FakeOpenAi, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
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
  readonly usage: {
    readonly requests: number;
    readonly failedRequests: number;
    readonly estimatedTokens: number;
    readonly costUsd: number | null;
    readonly estimatedUsd: number;
  };
}

async function study(flags: readonly string[], prices = PRICES) {
  await using server = await startFakeOpenAi(playing());
  const place = new Workplace();
  writeFileSync(join(place.folder, 'agenthpo.yaml'), prices);
  const run = await place.run(['tune', place.task(SCRIPT), ...model(server), '--json', ...flags]);
  const bodies = server.requests.map(({ body }) => body);
  return { run, outcome: JSON.parse(run.stdout) as Outcome, bodies, place };
}

const model = ({ baseUrl }: FakeOpenAi, name = 'openai:fake') => {
  const named = ['--model', name, '--base-url', baseUrl];
  return [...named, '--executor', 'direct', '--seed', '1', '--yes'];
};

test.each([
  ['--max-requests', '3', 'request-budget', '"unit":"requests"'],
  ['--max-tokens', '3000', 'token-budget', '"unit":"tokens"'],
  ['--max-cost', '0.05', 'cost-budget', '"unit":"usd"'],
])('%s %s ends a study well: no half trial, the reason in the log, a report', async (flag, limit, reason, unit) => {
  const { outcome, bodies } = await study([flag, limit, '--trials', '50']);
  expect(outcome).toMatchObject({ status: 'partial', stopReason: reason, trials: { interrupted: 0, failed: 0 } });
  expect(outcome.trials['complete']).toBeGreaterThan(0);
  expect(outcome.usage.requests).toBe(bodies.length);
  expect(readFileSync(join(outcome.study, 'experiment-log.jsonl'), 'utf8')).toContain(unit);
  expect(readFileSync(join(outcome.study, 'report.md'), 'utf8')).toContain('What did it cost?');
  if (flag === '--max-requests') expect(bodies.length).toBeLessThanOrEqual(3);
  else for (const body of bodies) expect(body['max_completion_tokens']).toBeGreaterThanOrEqual(1000);
});

test('where trials and requests are used up, suggest names a command that tries the suggestion', async () => {
  await using server = await startFakeOpenAi(playing());
  const place = new Workplace();
  const flags = [...model(server), '--trials', '2', '--max-requests', '3', '--json'];
  const tuned = await place.run(['tune', place.task(SCRIPT), ...flags]);
  expect(JSON.parse(tuned.stdout)).toMatchObject({ stopReason: 'trial-budget', usage: { requests: 3 } });
  const again = await place.run(['resume', 'latest']);
  expect(again.stderr).toMatch(/For more: agenthpo resume \S+ --trials 12 --max-requests 6 \(the new totals\)/);
  const suggested = await place.run(['suggest', 'latest', '--set', 'x=0.9']);
  const command = /agenthpo (resume \S+ --trials 3 --max-requests 6)$/m.exec(suggested.stdout)?.[1] ?? '';
  const resumed = await place.run([...command.split(' '), '--json']);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ stopReason: 'trial-budget', trials: { complete: 3 } });
});

test('a limit of nothing is told what would be a limit', async () => {
  const place = new Workplace();
  const run = await place.run(['tune', place.task(SCRIPT), '--max-cost', '0', '--yes']);
  expect(run.stderr).toContain('--max-cost: got 0; must be a number > 0\n→ Write for example: --max-cost 2');
});

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

test('--estimate knows the prompt that is asked for: a dialogue grows, and what is not told costs nothing', async () => {
  const place = new Workplace();
  const tokens = async (...flags: string[]) => {
    const base = ['tune', place.task(SCRIPT), '--estimate', '--model', 'openai:gpt-5-mini', '--json'];
    const { stdout, stderr } = await place.run([...base, ...flags]);
    const { estimates } = JSON.parse(stdout) as { estimates: { role: string; tokens: { high: number } }[] };
    return estimates.find(({ role }) => role === 'creator')?.tokens.high ?? expect.fail(stderr);
  };
  const usual = await tokens('--trials', '40');
  const chat = await tokens('--trials', '40', '--prompt', 'chat');
  expect(chat).toBeGreaterThan(1.5 * usual);
  expect(chat).toBeGreaterThan(2.5 * (await tokens('--trials', '20', '--prompt', 'chat')));
  expect(await tokens('--trials', '40', '--task-info', 'none')).toBeLessThan(usual);
});

test.each([
  ['nosuch:x', 'names no provider that is known'],
  ['openai:', 'names no model'],
])('--estimate of %s is no estimate', async (name, why) => {
  const place = new Workplace();
  const run = await place.run(['tune', place.task(SCRIPT), '--estimate', '--model', name]);
  expect([run.code, run.stdout]).toEqual([2, '']);
  expect(run.stderr).toContain(why);
});

test('a priced model may cost a dollar unless the user says otherwise; resume --max-cost goes on', async () => {
  const usage = { prompt_tokens: 300, completion_tokens: 900 }; // 0.093 dollars at these prices
  await using server = await startFakeOpenAi(playing(), { usage });
  const place = new Workplace();
  writeFileSync(join(place.folder, 'agenthpo.yaml'), 'prices: { "openai:fake": { input: 10, output: 100 } }\n');
  const tuned = await place.run(['tune', place.task(SCRIPT), ...model(server), '--trials', '50', '--plain']);
  expect(tuned.code, tuned.stderr).toBe(3);
  expect(tuned.stderr).toContain('It costs $1 at most; --max-cost sets another limit.');
  expect(tuned.stdout).toMatch(/Ended early: The budget of \$1 has no room for another request \(\$0\.\d+ used\)/);
  const goOn = /Go on with: agenthpo (resume \S+ --max-cost 2)$/m.exec(tuned.stdout)?.[1] ?? '';
  const requests = server.requests.length;
  expect(requests).toBe(10);
  expect(readFileSync(reportIn(place), 'utf8')).toContain('What did it cost?');
  const again = await place.run(['resume', 'latest', '--max-cost', '1', '--plain']);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('[study-finished]')]);
  const resumed = await place.run([...goOn.split(' '), '--json']);
  const { stopReason, usage: used } = JSON.parse(resumed.stdout) as Outcome;
  expect([resumed.code, stopReason]).toEqual([3, 'cost-budget']);
  expect(server.requests.length).toBeGreaterThan(requests);
  expect(used.costUsd).toBeGreaterThan(1);
  expect(used.costUsd).toBeLessThanOrEqual(2);
});

test.each([
  ['--max-tokens', '3000', '60000', 'token-budget'],
  ['--max-requests', '3', '9', 'request-budget'],
])('resume %s goes on where %s was too little', async (flag, little, more, reason) => {
  await using server = await startFakeOpenAi(playing());
  const place = new Workplace();
  const flags = [...model(server), '--trials', '4', '--json', flag, little];
  const tuned = await place.run(['tune', place.task(SCRIPT), ...flags]);
  expect(JSON.parse(tuned.stdout)).toMatchObject({ status: 'partial', stopReason: reason });
  const resumed = await place.run(['resume', 'latest', flag, more, '--json']);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'complete', trials: { complete: 4 } });
});

/** A model that talks as long as it may. */
function endless(): FakeHandler {
  const usual = playing();
  return (request, index): FakeReply => {
    const asked = request.body['max_completion_tokens'];
    const completion_tokens = typeof asked === 'number' ? asked : 100_000;
    const reply = usual(request, index);
    const usage = { prompt_tokens: 100, completion_tokens, total_tokens: 100 + completion_tokens };
    const call = reply.kind === 'tool-call' && {
      id: 'c',
      type: 'function',
      function: { name: reply.name, arguments: JSON.stringify(reply.args) },
    };
    const message = { role: 'assistant', content: 'On and on.', ...(call && { tool_calls: [call] }) };
    return { kind: 'json', body: { id: 'x', choices: [{ index: 0, finish_reason: 'length', message }], usage } };
  };
}

test.each([
  ['--max-tokens', '12000', ({ tokens }: { tokens: number }) => tokens <= 12_000],
  ['--max-cost', '0.2', ({ usd }: { usd: number }) => usd <= 0.2],
])('a reply without end does not pass %s %s', async (flag, limit, isKept) => {
  await using server = await startFakeOpenAi(endless());
  const place = new Workplace();
  writeFileSync(join(place.folder, 'agenthpo.yaml'), PRICES);
  const flags = [...model(server), '--trials', '50', '--json', flag, limit];
  const run = await place.run(['tune', place.task(SCRIPT), ...flags]);
  const { usage } = JSON.parse(run.stdout) as {
    usage: { promptTokens: number; completionTokens: number; costUsd: number };
  };
  expect(usage.completionTokens).toBeGreaterThan(1_000);
  expect(isKept({ tokens: usage.promptTokens + usage.completionTokens, usd: usage.costUsd })).toBe(true);
});

test('requests that fail are counted one by one, and what they may cost is an estimate in the log and the report', async () => {
  const usual = playing();
  await using server = await startFakeOpenAi((request, index) =>
    index === 1 ? { kind: 'drop' } : index === 2 ? { kind: 'status', status: 503 } : usual(request, index),
  );
  const place = new Workplace();
  writeFileSync(join(place.folder, 'agenthpo.yaml'), PRICES);
  const run = await place.run(['tune', place.task(SCRIPT), ...model(server), '--trials', '2', '--json']);
  const { usage } = JSON.parse(run.stdout) as Outcome;
  expect(usage).toMatchObject({ requests: server.requests.length, failedRequests: 2 });
  expect(usage.estimatedTokens).toBeGreaterThan(4_000);
  expect(usage.estimatedTokens).toBeLessThan(16_384); // a lost request takes no more than a share of what is left
  expect(usage.estimatedUsd).toBeGreaterThan((4_000 * 20) / 1e6);
  expect(usage.costUsd).toBeGreaterThan(usage.estimatedUsd);
  const report = readFileSync(reportIn(place), 'utf8');
  expect(report).toMatch(/tokens, [\d,]+ of them estimated; \\\$[\d.]+, \\\$[\d.]+ of it estimated/);
  expect(report).toMatch(/^2 requests brought no reply; .* are a high estimate/m);
});

test('a fallback model is charged, and limited, at its own price', async () => {
  const usual = playing();
  await using server = await startFakeOpenAi((request, index) =>
    request.body['model'] === 'cheap' ? { kind: 'status', status: 503 } : usual(request, index),
  );
  const place = new Workplace();
  const prices = 'prices: { "openai:cheap": { input: 1, output: 1 }, "openai:dear": { input: 1000, output: 2000 } }\n';
  writeFileSync(join(place.folder, 'agenthpo.yaml'), `${prices}retry_time: 1\n`);
  const flags = [
    ...model(server, 'openai:cheap'),
    '--fallback-model',
    'openai:dear',
    '--trials',
    '9',
    '--max-cost',
    '5',
  ];
  const run = await place.run(['tune', place.task(SCRIPT), ...flags, '--json']);
  const { stopReason, usage } = JSON.parse(run.stdout) as Outcome;
  const answered = usage.requests - usage.failedRequests;
  expect(answered).toBeGreaterThan(0);
  expect(usage.costUsd).toBeCloseTo(answered * 0.12); // 100 and 10 tokens at the fallback’s price
  expect(stopReason).toBe('cost-budget'); // a reply of 1000 tokens would cost two dollars
  expect(readFileSync(reportIn(place), 'utf8')).toMatch(/^\| `openai:cheap` .*\n\| `openai:dear` /m);
});

function reportIn(place: Workplace): string {
  const logs = join(place.folder, 'logs/mine');
  return join(logs, readdirSync(logs)[0] ?? '', 'report.md');
}
