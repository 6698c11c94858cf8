import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { type FakeHandler, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'import sys\nprint(f"METRIC loss={1 + (float(sys.argv[1]) - 0.3) ** 2}")\n';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** A server with one model, `right`: another’s name is answered as OpenAI does. */
function knowing(right: string): FakeHandler {
  let x = 0;
  return ({ tools, body }: FakeRequest) => {
    if (body['model'] !== right)
      return { kind: 'status', status: 404, body: { error: { message: `The model ${body['model']} does not exist` } } };
    if (!tools.some((each) => each.function.name === 'ProposeTrial')) return { kind: 'text', text: 'It went well.' };
    x += 0.01;
    const answer = { expects: { outcome: 'better' }, intent: 'explore', rationale: 'Next.' };
    const args = { basedOn: 'default', hyperparameters: { x }, reasons: { x: 'Smaller.' }, ...answer };
    return { kind: 'tool-call', name: 'ProposeTrial', args };
  };
}

const tune = (model: string, baseUrl: string, ...flags: string[]) => [
  'tune',
  workplace.task(SCRIPT),
  '--model',
  model,
  '--base-url',
  baseUrl,
  ...['--executor', 'direct', '--seed', '1', '--trials', '3', '--yes', '--plain', ...flags],
];

function studyFolder(): string {
  const logs = join(workplace.folder, 'logs/mine');
  return join(logs, readdirSync(logs)[0] ?? '');
}

function events(): StudyEvent[] {
  const lines = readFileSync(join(studyFolder(), 'experiment-log.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line): StudyEvent => JSON.parse(line));
}

function proposed() {
  return events().flatMap((each) =>
    each.event === 'trial-proposed' ? [[each.trial, each.proposal.origin, modelOf(each.trial)]] : [],
  );
}

/** Which model proposed a trial, as the log has it. */
function modelOf(asked: number): string | undefined {
  return events().flatMap((each) =>
    each.event === 'model-called' && each.role === 'creator' && each.trial === asked && each.failure === undefined
      ? [each.model]
      : [],
  )[0];
}

const changes = () => events().flatMap((each) => (each.event === 'study-resumed' ? [each.changes] : []));

/** The command that a paused study prints, beginning so. */
function printed(stdout: string, label: string): string[] {
  const command = new RegExp(`^${label}: agenthpo (.*)$`, 'm').exec(stdout)?.[1];
  return (command ?? expect.fail(`no "${label}" in ${stdout}`)).split(' ');
}

test('a misspelled model pauses the study; resume --model mends it, and the log says who proposed what', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  const paused = await workplace.run(tune('openai:rigth', server.baseUrl));
  expect(paused.code, paused.stderr).toBe(3);
  expect(paused.stdout).toMatch(/Paused: openai:rigth .* The model rigth does not exist/);
  const resumed = await workplace.run([...printed(paused.stdout, 'Go on with'), '--model', 'openai:right', '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain(`Model: openai:right at ${server.baseUrl}.`);
  expect(resumed.stderr).toContain('resumed with openai:right: ');
  const one = { creator: null, executor: null, report: null };
  expect(changes()).toEqual([{ model: 'openai:right', models: one }]);
  expect(proposed()).toEqual([
    [1, 'default', undefined],
    [2, 'creator', 'openai:right'],
    [3, 'creator', 'openai:right'],
  ]);
  const more = await workplace.run(['resume', 'latest', '--trials', '4', '--plain']);
  expect(more.code, more.stderr).toBe(0); // without being told again, and without being asked whose study it is
  expect(proposed().at(-1)).toEqual([4, 'creator', 'openai:right']);
});

test('without its server, the command that is printed goes on with the embedded model, which is never passed off as another', async () => {
  let isDead = false;
  const usual = knowing('right');
  await using server = await startFakeOpenAi((request, index) => {
    const isCreator = request.tools.some((each) => each.function.name === 'ProposeTrial');
    isDead ||= isCreator && index > 2;
    return isDead ? { kind: 'status', status: 401, body: { error: { message: 'revoked' } } } : usual(request, index);
  });
  const paused = await workplace.run(tune('openai:right', server.baseUrl));
  expect(paused.code, paused.stderr).toBe(3);
  const resumed = await workplace.run([...printed(paused.stdout, 'Without this model'), '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(proposed()).toEqual([
    [1, 'default', undefined],
    [2, 'creator', 'openai:right'],
    [3, 'offline', 'offline'],
  ]);
  const report = readFileSync(join(studyFolder(), 'report.md'), 'utf8');
  expect(report).toContain('| Model | `openai:right`, `offline` from trial 3 on |');
  expect(report).toContain('right, then the offline optimiser');
  const hint = await workplace.run(['hint', 'latest', 'smaller']);
  expect(hint.stdout).toContain('The offline optimiser reads no words');
});

test('a server that moved: resume --base-url, and a fallback that was forgotten', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  await workplace.run(tune('openai:rigth', server.baseUrl));
  await using moved = await startFakeOpenAi(knowing('right'));
  const more = ['--base-url', moved.baseUrl, '--model', 'openai:right', '--fallback-model', 'offline'];
  const resumed = await workplace.run(['resume', 'latest', ...more, '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(moved.requests.length).toBeGreaterThan(2);
  expect(changes()).toMatchObject([{ baseUrl: moved.baseUrl, fallbackModels: ['offline'] }]);
});

test('a base URL stays with its provider: another’s key does not go there', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  await workplace.run(tune('openai:rigth', server.baseUrl));
  const asked = server.requests.length;
  const key = { DEEPSEEK_API_KEY: 'sk-of-another', DEEPSEEK_BASE_URL: 'http://127.0.0.1:9/v1' };
  const resumed = await workplace.run(['resume', 'latest', '--model', 'deepseek:chat'], key);
  expect(resumed.stderr).toContain('[model-unreachable] deepseek:chat at http://127.0.0.1:9/v1 cannot be reached');
  expect(server.requests).toHaveLength(asked);
  expect(changes()).toEqual([]); // nothing was begun
});

test('nor does the key of the model that auto stands for', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  const before = { OPENROUTER_API_KEY: 'sk-of-the-first' };
  expect((await workplace.run(tune('openrouter:right', server.baseUrl), before)).code).toBe(0);
  const asked = server.requests.length;
  const key = { OPENAI_API_KEY: 'sk-of-another', HTTPS_PROXY: 'http://127.0.0.1:9' };
  const resumed = await workplace.run(['resume', 'latest', '--model', 'auto', '--trials', '4'], key);
  expect(resumed.stderr).toContain('at https://api.openai.com/v1 cannot be reached');
  expect(server.requests).toHaveLength(asked);
});

test('a model with a known price that comes later is limited too; one without a price needs a word', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'prices: { "openai:right": { input: 10, output: 100 } }\n');
  await workplace.run(tune('openai:rigth', server.baseUrl));
  const resumed = await workplace.run(['resume', 'latest', '--model', 'openai:right', '--plain']);
  expect(resumed.stderr).toContain('It costs $1 at most; --max-cost sets another limit.');
  expect(events().findLast(({ event }) => event === 'study-resumed')).toMatchObject({ budget: { maxUsd: 1 } });
  const unknown = ['resume', 'latest', '--trials', '4', '--model', 'openrouter:a/b', '--plain'];
  const refused = await workplace.run(unknown);
  expect(refused.stderr).toContain('A limit of $1 cannot be kept: the price of openrouter:a/b is not known.');
  const limits = /or limit tokens instead: (.*)$/m.exec(refused.stderr)?.[1]?.split(' ') ?? [];
  expect(limits).toContain('--max-tokens');
  // Which is all that was wrong with it, but for the key.
  expect((await workplace.run([...unknown, ...limits])).stderr).toContain('No OpenRouter API key was found.');
});

test('a study in which no model takes part gets none', async () => {
  await workplace.run(['tune', workplace.task(SCRIPT), '--strategy', 'random', '--executor', 'direct', '--yes']);
  const resumed = await workplace.run(['resume', 'latest', '--trials', '12', '--model', 'offline']);
  expect(resumed.stderr).toContain('No model takes part in this study: the random sampler proposes.');
});

test('a chat study cannot go on with the embedded model, and is not told to', async () => {
  await using server = await startFakeOpenAi(knowing('right'));
  const paused = await workplace.run(tune('openai:rigth', server.baseUrl, '--prompt', 'chat'));
  expect(paused.stdout).toContain('Go on with: ');
  expect(paused.stdout).not.toContain('Without this model');
  const resumed = await workplace.run(['resume', 'latest', '--model', 'offline']);
  expect(resumed.stderr).toContain('prompt: chat needs a language model');
});

test('tune --model with a --creator-model: each role asks its own', async () => {
  await using server = await startFakeOpenAi((request, index) =>
    knowing(String(request.body['model']))(request, index),
  );
  const tuned = await workplace.run(tune('openai:small', server.baseUrl, '--creator-model', 'openai:large'));
  expect(tuned.code, tuned.stderr).toBe(0);
  const asked = events().flatMap((each) => (each.event === 'model-called' ? [`${each.role} ${each.model}`] : []));
  expect([...new Set(asked)].sort()).toEqual(['creator openai:large', 'executor openai:small', 'report openai:large']);
});
