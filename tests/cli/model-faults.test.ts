import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { type FakeHandler, type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'import sys\nprint(f"METRIC loss={(float(sys.argv[1]) - 0.3) ** 2}")';
const KEY = 'a-key-for-a-fake-server';
const FAST = { AGENTHPO_RETRY_TIME: '1', AGENTHPO_REQUEST_TIMEOUT: '20' };

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const names = ({ tools }: FakeRequest) => tools.map((each) => each.function.name);

/** A model that does its work, `trial` being the number of the trial that is asked for. */
function wellBehaved(request: FakeRequest, index: number): FakeReply {
  const isFirst = !request.messages.some(({ role }) => role === 'assistant');
  if (names(request).includes('ProposeTrial'))
    return {
      kind: 'tool-call',
      name: 'ProposeTrial',
      args: {
        basedOn: 'default',
        hyperparameters: { x: 0.4 - index / 1000 },
        reasons: { x: 'Closer.' },
        expects: { outcome: 'better' },
        intent: 'exploit',
        rationale: 'Smaller.',
      },
    };
  if (names(request).includes('ExecutePythonFile') && isFirst)
    return { kind: 'tool-call', name: 'ExecutePythonFile', args: {} };
  if (names(request).includes('ConcludeStudy'))
    return {
      kind: 'tool-call',
      name: 'ConcludeStudy',
      args: { best: 'Good.', influence: { x: 'Strong.' }, future: 'On.' },
    };
  return { kind: 'text', text: 'It went well.' };
}

async function withModel(baseUrl: string, args: readonly string[], environment: Record<string, string> = {}) {
  return await workplace.run(args, { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: baseUrl, ...FAST, ...environment });
}

const tuneArguments = (...more: string[]) => {
  const task = workplace.task(SCRIPT);
  return ['tune', task, '--model', 'openai:fake', '--trials', '3', '--seed', '1', '--yes', '--plain', ...more];
};

function studyFolder(): string {
  const logs = join(workplace.folder, 'logs/mine');
  return join(logs, readdirSync(logs)[0] ?? '');
}

function events(): StudyEvent[] {
  const lines = readFileSync(join(studyFolder(), 'experiment-log.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line): StudyEvent => JSON.parse(line));
}

const finished = () => events().flatMap((each) => (each.event === 'trial-finished' ? [each] : []));

/** Well behaved, but for requests that `isHit` picks. */
const failing =
  (fault: FakeReply, isHit: (request: FakeRequest, index: number) => boolean): FakeHandler =>
  (request, index) =>
    isHit(request, index) ? fault : wellBehaved(request, index);

const UNAUTHORIZED: FakeReply = { kind: 'status', status: 401, body: { error: { message: 'key revoked' } } };

test('a key that is refused in mid-study pauses it with what to do; resume goes on and loses nothing', async () => {
  let isRevoked = true;
  await using openai = await startFakeOpenAi((request, index) =>
    isRevoked && index >= 2 && names(request).includes('ProposeTrial') ? UNAUTHORIZED : wellBehaved(request, index),
  );
  const paused = await withModel(openai.baseUrl, tuneArguments());
  expect(paused.code, paused.stderr).toBe(3);
  expect(paused.stdout).toMatch(/Paused: openai:fake at .* status 401: .*key revoked.*Check OPENAI_API_KEY/s);
  expect(paused.stdout).toMatch(/agenthpo resume/);
  expect(finished().map(({ state }) => state)).toEqual(['complete']);
  isRevoked = false;
  const resumed = await withModel(openai.baseUrl, ['resume', 'latest', '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(finished().map(({ trial, state }) => [trial, state])).toEqual([
    [1, 'complete'],
    [2, 'complete'],
    [3, 'complete'],
  ]);
});

test('a server that dies once the training is over: the trial stands, told by code, and the study pauses', async () => {
  let isDead = false;
  await using openai = await startFakeOpenAi((request, index) => {
    const isTrained = request.messages.some(({ role }) => role === 'tool');
    isDead ||= names(request).includes('ExecutePythonFile') && isTrained;
    return isDead ? { kind: 'status', status: 503 } : wellBehaved(request, index);
  });
  const paused = await withModel(openai.baseUrl, tuneArguments());
  expect(paused.code, paused.stderr).toBe(3);
  expect(finished()).toEqual([expect.objectContaining({ trial: 1, state: 'complete', summaryBy: 'code' })]);
  expect(events().at(-1)).toMatchObject({ event: 'study-paused', reason: 'model-unavailable' });
  expect(paused.stdout).toContain('status 503');
});

test('a fallback model takes over: said on screen, in agent.log, and on every call in the log', async () => {
  const isFirst = ({ body }: FakeRequest) => body['model'] === 'first';
  await using openai = await startFakeOpenAi(failing({ kind: 'status', status: 503 }, isFirst));
  const args = tuneArguments('--model', 'openai:first', '--fallback-model', 'openai:second');
  const run = await withModel(openai.baseUrl, args);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/openai:first did not answer: status 503.* openai:second takes over/);
  expect(readFileSync(join(studyFolder(), 'agent.log'), 'utf8')).toMatch(/"kind":"fallback".*openai:second takes over/);
  const calls = events().flatMap((each) => (each.event === 'model-called' ? [each] : []));
  const answered = calls.filter(({ failure }) => failure === undefined);
  expect(new Set(answered.map(({ model }) => model))).toEqual(new Set(['openai:second']));
  expect(calls).toHaveLength(openai.requests.length);
  expect(readFileSync(join(studyFolder(), 'report.md'), 'utf8')).toMatch(
    /^\| `openai:first` \|.*\n\| `openai:second` \|/m,
  );
});

test('a fallback model that cannot be used is said before anything is begun', async () => {
  const args = ['tune', workplace.task(SCRIPT), '--model', 'offline', '--fallback-model', 'openai:x', '--yes'];
  const { code, stderr } = await workplace.run(args);
  expect(code).toBe(2);
  expect(stderr).toContain('[model-unusable]');
  expect(readdirSync(workplace.folder)).not.toContain('logs');
});

test('Ctrl-C while the model thinks ends at once; resume asks again and finishes', async () => {
  let isThinking = true;
  await using openai = await startFakeOpenAi(
    failing({ kind: 'hang' }, (request) => isThinking && names(request).includes('ProposeTrial')),
  );
  const environment = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.baseUrl, AGENTHPO_REQUEST_TIMEOUT: '3600' };
  const child = workplace.start(tuneArguments(), environment);
  const ended = once(child, 'exit');
  await expect
    .poll(() => openai.requests.filter((each) => names(each).includes('ProposeTrial')).length, { timeout: 60_000 })
    .toBe(1);
  child.kill('SIGINT');
  const [code, signal] = await ended; // within this test’s time limit, not after the hour that a request may take
  expect([code, signal]).toEqual([130, null]);
  expect(events().at(-1)).toMatchObject({ event: 'study-paused', reason: 'interrupted' });
  expect(openai.abandoned()).toBe(1);
  isThinking = false;
  const resumed = await withModel(openai.baseUrl, ['resume', 'latest', '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(finished()).toHaveLength(3);
});
