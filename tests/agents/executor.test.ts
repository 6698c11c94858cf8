import { expect, test } from 'vitest';
import { createDirectExecutor } from '../../agents/direct-executor.ts';
import { createAgentExecutor } from '../../agents/executor.ts';
import type { ModelAccess } from '../../agents/model-access.ts';
import { createSummarize } from '../../agents/summarize.ts';
import { BudgetReached } from '../../study/budget.ts';
import type { History } from '../../study/history.ts';
import type { Trial } from '../../study/trial.ts';
import { type FakeHandler, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { aSession, COMPLETE, type FakeSessionOptions } from './fake-session.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, QUICK, started } from './maker.ts';

const NEVER = new AbortController().signal;
const PROPOSED = { ...DEFAULTS, learning_rate: 0.01 };

/** A study whose second trial is about to run. */
function aStudy(): { history: History; trial: Trial } {
  const proposal = { origin: 'creator', hyperparameters: PROPOSED, rationale: 'slower' } as const;
  const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), { event: 'trial-proposed', trial: 2, proposal });
  const trial = history.trial(2);
  if (trial === undefined) throw new Error('the trial was just proposed');
  return { history, trial };
}

async function runAgent(
  script: readonly FakeReply[] | FakeHandler,
  options: FakeSessionOptions = {},
  changes: Partial<ModelAccess> = {},
  signal = NEVER,
) {
  await using server = await startFakeOpenAi(script);
  const { history, trial } = aStudy();
  const access = await anAccess(server, changes);
  const session = aSession(trial, options);
  const result = await createAgentExecutor({ access, history, task: aTask() }).runTrial(session, signal);
  return { result, session, access, requests: server.requests };
}

const call = (name: string, args: Record<string, unknown> = {}) => ({ name, args });
const one = (name: string, args: Record<string, unknown> = {}): FakeReply => ({ kind: 'tool-call', name, args });
const text = (words: string): FakeReply => ({ kind: 'text', text: words });

test('a well-behaved model reads, writes, runs, looks and tells in two requests', async () => {
  const calls = [
    call('ReadConfigs'),
    call('WriteConfigs', { hyperparameters: PROPOSED }),
    call('ExecutePythonFile'),
    call('LoadTrainingLogs'),
  ];
  const { result, session, requests } = await runAgent([{ kind: 'tool-calls', calls }, text('It learned steadily.')]);
  expect(session.verbs).toEqual(['ReadConfigs', 'WriteConfigs', 'ExecutePythonFile', 'ended', 'LoadTrainingLogs']);
  expect(result).toEqual({ ...COMPLETE, summary: 'It learned steadily.', summaryBy: 'model' });
  expect(requests).toHaveLength(2);
});

test('one call a turn: what is done with is not carried on, and the trial is handed over with its task', async () => {
  const { requests } = await runAgent([
    one('ReadConfigs'),
    one('WriteConfigs', { hyperparameters: PROPOSED }),
    one('ExecutePythonFile'),
    one('LoadTrainingLogs'),
    text('It learned steadily.'),
  ]);
  const answers = requests.map(({ messages }) => messages.filter(({ role }) => role === 'tool').length);
  expect(answers).toEqual([0, 1, 1, 1, 2]);
  expect(requests.map(({ tools }) => tools.length)).toEqual([4, 4, 4, 2, 2]);
  expect(requests[4]?.messages[1]?.content).toContain('"task": "Digits: A small network on images of digits."');
});

test('a model that shuffles the tools, skips one and calls one twice still ends in the true state', async () => {
  const script: FakeReply[] = [
    one('LoadTrainingLogs'),
    one('ExecutePythonFile'),
    one('ExecutePythonFile'),
    one('ReadConfigs'),
    text('Fine.'),
  ];
  const { result, session, requests } = await runAgent(script);
  expect(result).toMatchObject({ state: 'complete', value: 0.3, summary: 'Fine.' });
  expect(session.runs()).toBe(1);
  expect(JSON.parse(requests[3]?.messages.at(-1)?.content ?? '')).toMatchObject({ alreadyRun: true, value: 0.3 });
});

test('values other than the proposal’s are refused with the difference', async () => {
  const wrong = { ...PROPOSED, learning_rate: 0.02 };
  const { requests } = await runAgent([
    one('WriteConfigs', { hyperparameters: wrong }),
    one('ExecutePythonFile'),
    text('Done.'),
  ]);
  expect(JSON.parse(requests[1]?.messages.at(-1)?.content ?? '')).toEqual({
    kind: 'rejected',
    differences: ['learning_rate must be 0.01'],
  });
});

test('a number that the model made up changes nothing', async () => {
  const { result } = await runAgent([one('ExecutePythonFile'), text('The loss is 0.0001, a world record.')]);
  expect(result.value).toBe(0.3);
});

const MISBEHAVIOURS: [string, FakeReply][] = [
  ['prose', text('I am sure it went well.')],
  ['nothing', text('')],
  ['a tool that does not exist', one('Sudo')],
  ['broken JSON', { kind: 'raw-arguments', name: 'WriteConfigs', arguments: '{"hyperparameters": {' }],
  ['endless reading', one('ReadConfigs')],
  ['a 401', { kind: 'status', status: 401 }],
  ['a 429 without end', { kind: 'status', status: 429 }],
  ['a 500 without end', { kind: 'status', status: 500 }],
  ['a hang', { kind: 'hang' }],
];

test.each(MISBEHAVIOURS)('a model that never runs the script but answers %s: the code runs it', async (_, reply) => {
  const limits = { ...QUICK, timeoutSeconds: 0.3, maxRetries: 1 };
  const { result, session } = await runAgent(() => reply, {}, { limits });
  expect(result).toMatchObject({ state: 'complete', value: 0.3, summaryBy: 'code' });
  expect(session.runs()).toBe(1);
});

test('a model that dies after the training costs the summary, not the result', async () => {
  const script = (_: unknown, index: number): FakeReply =>
    index === 0 ? one('ExecutePythonFile') : { kind: 'status', status: 401 };
  const { result, access } = await runAgent(script);
  expect(result).toEqual({
    ...COMPLETE,
    summary: 'Complete with loss = 0.3; best at 5 of 5, still improving.',
    summaryBy: 'code',
    modelUnavailable: expect.stringMatching(/did not answer: status 401.*Check OPENAI_API_KEY/),
  });
  expect(access.transcribed.at(-1)?.text).toContain('status 401');
});

test('a spent token budget costs the trial its agent, not its training', async () => {
  const reserve = () => {
    throw new BudgetReached('tokens', 100, 99);
  };
  const { result, requests } = await runAgent([], {}, { reserve });
  expect(result).toMatchObject({ state: 'complete', summaryBy: 'code' });
  expect(result.modelUnavailable).toBeUndefined(); // a spent budget ends a study in its own way
  expect(requests).toHaveLength(0);
});

test('a failed training is told to the model with the end of its output, and stays failed', async () => {
  const failure = { cause: 'crash', message: 'exit 1', tail: 'ValueError: bad shape' } as const;
  const { result, requests } = await runAgent([one('ExecutePythonFile'), text('It crashed on a shape.')], {
    result: { state: 'failed', metrics: {}, failure },
  });
  expect(requests[1]?.messages.at(-1)?.content).toContain('ValueError: bad shape');
  expect(result).toMatchObject({ state: 'failed', failure, summary: 'It crashed on a shape.' });
});

test('a broken machine stops the study with its own error', async () => {
  const broken = new Error('cannot start processes');
  await expect(runAgent([one('ExecutePythonFile')], { broken })).rejects.toBe(broken);
});

test('a log that cannot be written stops the study', async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const recordUsage = () => {
    throw full;
  };
  await expect(runAgent([one('ExecutePythonFile')], {}, { recordUsage })).rejects.toBe(full);
});

test('an interruption during the training waits for its end and is reported as interrupted', async () => {
  const controller = new AbortController();
  const begun = () => setImmediate(() => controller.abort(new Error('Ctrl-C')));
  const training = { trainingMs: 20_000, begun };
  const { result, session } = await runAgent([one('ExecutePythonFile')], training, {}, controller.signal);
  expect(result).toEqual({ state: 'interrupted', metrics: {} });
  expect(session.verbs).toEqual(['ExecutePythonFile', 'ended']);
});

test('an interruption before the training never starts it', async () => {
  const { result, session } = await runAgent([], {}, {}, AbortSignal.abort(new Error('Ctrl-C')));
  expect(result).toEqual({ state: 'interrupted', metrics: {} });
  expect(session.runs()).toBe(0);
});

test('the embedded model carries a trial out with all four tools and says that its words are computed', async () => {
  const { history, trial } = aStudy();
  const access = await anAccess('offline');
  const session = aSession(trial);
  const result = await createAgentExecutor({ access, history, task: aTask() }).runTrial(session, NEVER);
  expect(session.verbs).toEqual(['ReadConfigs', 'WriteConfigs', 'ExecutePythonFile', 'ended', 'LoadTrainingLogs']);
  expect(result).toMatchObject({ state: 'complete', summaryBy: 'offline' });
  expect(result.summary).toBe(
    'Computed: loss = 0.3, better than the incumbent’s 0.5 (trial 1). From 1 to 0.3; best at 5 of 5, still improving.',
  );
  expect(access.used).toHaveLength(3);
  expect(access.used[0]).toMatchObject({ model: 'offline', promptTokens: 0, completionTokens: 0, costUsd: 0 });
});

test('directly: the same verbs without a model, and a summary by code', async () => {
  const { history, trial } = aStudy();
  const session = aSession(trial);
  const result = await createDirectExecutor({ objective: history.objective }).runTrial(session, NEVER);
  expect(session.runs()).toBe(1);
  expect(result).toMatchObject({ state: 'complete', value: 0.3, summaryBy: 'code' });
});

async function runDirectly(script: readonly FakeReply[], changes: Partial<ModelAccess> = {}) {
  await using server = await startFakeOpenAi(script);
  const { history, trial } = aStudy();
  const access = await anAccess(server, changes);
  const executor = createDirectExecutor({
    objective: history.objective,
    summarize: createSummarize({ access, history, task: aTask() }),
  });
  return { result: await executor.runTrial(aSession(trial), NEVER), requests: server.requests, access };
}

test('directly: one request for the summary', async () => {
  const { result, requests, access } = await runDirectly([text('Steady.')]);
  expect(result).toMatchObject({ summary: 'Steady.', summaryBy: 'model' });
  expect(requests).toHaveLength(1);
  expect(access.used[0]).toMatchObject({ role: 'executor', trial: 2 });
});

test('directly: a dead model or an empty answer costs only the model’s words', async () => {
  const dead = await runDirectly([{ kind: 'status', status: 401 }]);
  expect(dead.result).toMatchObject({ state: 'complete', value: 0.3, summaryBy: 'code' });
  expect(dead.result.modelUnavailable).toContain('status 401');
  const mute = await runDirectly([text('  ')]);
  expect(mute.result).toMatchObject({ state: 'complete', summaryBy: 'code' });
  expect(mute.result.modelUnavailable).toBeUndefined();
});
