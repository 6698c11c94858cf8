import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { type FakeHandler, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const names = ({ tools }: FakeRequest) => tools.map((each) => each.function.name);
const isProposal = (request: FakeRequest) => names(request).includes('ProposeTrial');

function playing(): FakeHandler {
  let x = 0;
  return (request) => {
    if (!isProposal(request)) return { kind: 'text', text: 'It went well.' };
    x += 0.01;
    const answer = { expects: { outcome: 'better' }, intent: 'explore', rationale: 'Next.' };
    const args = { basedOn: 'default', hyperparameters: { x }, reasons: { x: 'Smaller.' }, ...answer };
    return { kind: 'tool-call', name: 'ProposeTrial', args };
  };
}

function events(place: Workplace): StudyEvent[] {
  const logs = join(place.folder, 'logs/mine');
  const lines = readFileSync(join(logs, readdirSync(logs)[0] ?? '', 'experiment-log.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line): StudyEvent => JSON.parse(line));
}

const tune = (place: Workplace, script: string, baseUrl: string, ...flags: string[]) => [
  ...['tune', place.task(script), '--model', 'openai:fake', '--base-url', baseUrl, '--executor', 'direct'],
  ...['--seed', '1', '--yes', '--plain', ...flags],
];

test('a hint and a suggestion reach a study while it trains: the one is tried next, the other stands in the next prompt', async () => {
  await using server = await startFakeOpenAi(playing());
  const place = new Workplace();
  const gate = join(place.folder, 'go-on');
  const script = `import os, sys, time
while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.02)
print(f"METRIC loss={1 + (float(sys.argv[1]) - 0.3) ** 2}")
`;
  const child = place.start(tune(place, script, server.baseUrl, '--trials', '3'));
  const ended = once(child, 'exit');
  await vi.waitFor(() => expect(events(place).at(-1)?.event).toBe('attempt-started'), { timeout: 60_000 });
  const hint = await place.run(['hint', 'latest', 'stay below 0.4']);
  expect(hint.stdout).toContain('The Creator reads it before its next proposal');
  const suggested = await place.run(['suggest', 'latest', '--set', 'x=0.35']);
  expect(suggested.stdout).toContain('It runs next.');
  writeFileSync(gate, '');
  expect(await ended).toEqual([0, null]);
  const proposed = events(place).flatMap((each) => (each.event === 'trial-proposed' ? [each.proposal] : []));
  expect(proposed.map(({ origin }) => origin)).toEqual(['default', 'user', 'creator']);
  expect(proposed[1]?.hyperparameters).toEqual({ x: 0.35 });
  const told = server.requests.filter(isProposal).map(({ messages }) => messages.at(-1)?.content);
  expect(told).toEqual([expect.stringContaining('stay below 0.4')]);
});

test('a budget that ends in the middle of the analysis: the study is complete, its report written by code', async () => {
  await using server = await startFakeOpenAi((request, index) =>
    names(request).includes('ConcludeStudy') ? { kind: 'text', text: 'Let me think.' } : playing()(request, index),
  );
  const place = new Workplace();
  const script = 'import sys\nprint(f"METRIC loss={1 + (float(sys.argv[1]) - 0.3) ** 2}")\n';
  // Two summaries, a proposal, and one request of an analysis that would take more.
  const run = await place.run([
    ...tune(place, script, server.baseUrl, '--trials', '2'),
    ...['--max-requests', '4', '--json'],
  ]);
  expect(run.code, run.stderr).toBe(0);
  const outcome = JSON.parse(run.stdout) as { report: string };
  expect(outcome).toMatchObject({ status: 'complete', stopReason: 'trial-budget', usage: { requests: 4 } });
  expect(server.requests.map((each) => names(each).includes('ConcludeStudy'))).toEqual([false, false, false, true]);
  expect(events(place).at(-1)).not.toHaveProperty('analysis');
  expect(readFileSync(outcome.report, 'utf8')).toContain('What did it cost?');
});
