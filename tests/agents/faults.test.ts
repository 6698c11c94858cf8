import { describe, expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { createAgentExecutor } from '../../agents/executor.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import {
  type FakeHandler,
  type FakeOptions,
  type FakeReply,
  type FakeRequest,
  startFakeOpenAi,
} from '../fixtures/fake-openai.ts';
import { aSession, COMPLETE } from './fake-session.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, QUICK, started } from './maker.ts';

// What a server or a model may do instead of answering well, and what must come of it: once, in the Creator’s turn; without
// end, in the Creator’s turn; and without end beside a training that is over. Real HTTP, the real client.

const GOOD_VALUES = { ...DEFAULTS, learning_rate: 0.02 };
const PROPOSAL = { basedOn: 1, hyperparameters: GOOD_VALUES, reasons: { learning_rate: 'Smaller steps.' } };
const EXPECTS = { expects: { outcome: 'better' }, intent: 'exploit', rationale: 'The default steps are coarse.' };
const GOOD: FakeReply = { kind: 'tool-call', name: 'ProposeTrial', args: { ...PROPOSAL, ...EXPECTS } };
const LIMITS = { ...QUICK, timeoutSeconds: 0.8 };
const NEVER = new AbortController().signal;

const status = (code: number, headers: Record<string, string> = {}): FakeReply => ({
  kind: 'status',
  status: code,
  headers,
});

/** Faults of a server, which may pass: the same request again. */
const SERVER_FAULTS: [string, FakeReply, RegExp][] = [
  ['status 429 without Retry-After', status(429), /status 429/],
  ['status 429 with Retry-After', status(429, { 'retry-after': '0.01' }), /status 429/],
  ['status 408', status(408), /status 408/],
  ['status 500', status(500), /status 500/],
  ['a storm of 503', status(503), /status 503/],
  ['a connection that is reset', { kind: 'drop' }, /no connection \(ECONNRESET\)/],
  ['a body that ends too early', { kind: 'truncated' }, /not in the format of an OpenAI-compatible server/],
  ['a body that stalls', { kind: 'stall' }, /no answer in time/],
  ['no answer', { kind: 'hang' }, /no answer in time/],
  ['a reply after the deadline', { kind: 'late', milliseconds: 1200, reply: GOOD }, /no answer in time/],
  ['a web page with status 200', { kind: 'html' }, /not in the format/],
  [
    'an error with status 200',
    { kind: 'json', body: { error: { message: 'overloaded' } } },
    /status 502: .*overloaded/,
  ],
  ['a 429 with status 200', { kind: 'json', body: { error: { message: 'slow', code: 429 } } }, /status 429: .*slow/],
  [
    'a tool call that the server could not read',
    {
      kind: 'status',
      status: 400,
      body: { error: { message: 'Failed to call a function.', code: 'tool_use_failed' } },
    },
    /status 502: .*Failed to call a function/,
  ],
  ['no choices', { kind: 'json', body: { id: 'x', choices: [] } }, /not in the format/],
];

/** Faults of a model: it is told, and mends them. The last column is what it is told. */
const MODEL_FAULTS: [string, FakeReply, RegExp][] = [
  ['an empty reply', { kind: 'text', text: '' }, /Call it now/],
  ['prose', { kind: 'text', text: 'I would try a smaller learning rate.' }, /Call it now/],
  ['a refusal', { kind: 'refusal', refusal: 'I cannot help with that.' }, /Call it now/],
  ['a reply that a filter held back', { kind: 'text', text: '', finish: 'content_filter' }, /Call it now/],
  ['a reply cut off by its length', { kind: 'text', text: 'Let me think', finish: 'length' }, /cut off. Be brief/],
  [
    'a tool call cut off by its length',
    { kind: 'raw-arguments', name: 'ProposeTrial', arguments: '{"basedOn": 1, "hyper', finish: 'length' },
    /length limit; be brief/,
  ],
  ['arguments that are not JSON', { kind: 'raw-arguments', name: 'ProposeTrial', arguments: '{x: 1}' }, /valid JSON/],
  ['a tool that does not exist', { kind: 'tool-call', name: 'Propose', args: {} }, /There are: .*ProposeTrial/],
  [
    'arguments of the wrong type',
    { kind: 'tool-call', name: 'ProposeTrial', args: { ...PROPOSAL, ...EXPECTS, hyperparameters: 'adam' } },
    /hyperparameters/,
  ],
  [
    'a value of the wrong type',
    {
      kind: 'tool-call',
      name: 'ProposeTrial',
      args: { ...PROPOSAL, ...EXPECTS, hyperparameters: { ...GOOD_VALUES, hidden: 'many' } },
    },
    /hidden/,
  ],
];

async function proposeWith(script: readonly FakeReply[] | FakeHandler, options: FakeOptions = {}) {
  await using server = await startFakeOpenAi(script, options);
  const access = await anAccess(server, { limits: LIMITS });
  const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5));
  const fallback = createSamplerProposer({ sampler: randomSampler, seed: 1 });
  const creator = createCreator({ task: aTask(), access, fallback, record: () => undefined });
  const { proposal, error } = await creator.propose(history, [], 1, NEVER).then(
    ([first]) => ({ proposal: first, error: undefined }),
    (problem: unknown) => ({ proposal: undefined, error: problem }),
  );
  return { proposal, error, access, requests: server.requests };
}

const told = (request: FakeRequest | undefined) => request?.messages.at(-1)?.content ?? '';

describe('once, in the Creator’s turn: the good answer after it counts', () => {
  test.each(SERVER_FAULTS)('%s: the same request is sent again', async (_, fault) => {
    const { proposal, requests, access } = await proposeWith([fault, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator', hyperparameters: GOOD_VALUES });
    expect(requests[1]?.body).toEqual(requests[0]?.body);
    expect(access.transcribed.filter(({ kind }) => kind === 'retry')).toHaveLength(1);
  });

  test.each(MODEL_FAULTS)('%s: the model is told and mends it', async (_, fault, words) => {
    const { proposal, requests } = await proposeWith([fault, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator', hyperparameters: GOOD_VALUES });
    expect(told(requests[1])).toMatch(words);
  });

  test('several tool calls in one turn: the first good proposal counts', async () => {
    const other = { ...PROPOSAL, ...EXPECTS, hyperparameters: { ...DEFAULTS, learning_rate: 0.5 } };
    const calls = [PROPOSAL, other].map((args) => ({ name: 'ProposeTrial', args: { ...EXPECTS, ...args } }));
    const { proposal, requests } = await proposeWith([{ kind: 'tool-calls', calls }]);
    expect(proposal).toMatchObject({ hyperparameters: GOOD_VALUES });
    expect(requests).toHaveLength(1);
  });

  test('the same ids in every reply: no message is lost', async () => {
    const look: FakeReply = { kind: 'tool-call', name: 'LoadExperimentLogs', args: {} };
    const { proposal, requests } = await proposeWith([look, look, GOOD], { constantIds: true });
    expect(proposal).toMatchObject({ origin: 'creator' });
    expect(requests[2]?.messages.filter(({ role }) => role === 'tool')).toHaveLength(2);
  });
});

describe('without end, in the Creator’s turn', () => {
  test.each(SERVER_FAULTS)('%s: given up after bounded retries, saying what was wrong', async (_, fault, words) => {
    const { error, requests } = await proposeWith(() => fault);
    expect(error).toMatchObject({ code: 'model-failed', message: expect.stringMatching(words) });
    expect(requests).toHaveLength(1 + LIMITS.maxRetries);
  });

  test.each(MODEL_FAULTS)('%s: a sampler’s point after a bounded number of requests', async (_, fault) => {
    const { proposal, requests } = await proposeWith(() => fault);
    expect(proposal).toMatchObject({ origin: 'random', fallback: true });
    expect(requests.length).toBeLessThanOrEqual(7);
  });
});

async function executeWith(script: FakeHandler) {
  await using server = await startFakeOpenAi(script);
  const access = await anAccess(server, { limits: LIMITS });
  const proposal = { origin: 'creator', hyperparameters: GOOD_VALUES } as const;
  const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), { event: 'trial-proposed', trial: 2, proposal });
  const trial = history.trial(2);
  if (trial === undefined) throw new Error('the trial was just proposed');
  const session = aSession(trial);
  return { result: await createAgentExecutor({ access, history, task: aTask() }).runTrial(session, NEVER), session };
}

describe('without end, in the Executor’s turn once the training is over: the trial stands as it ended', () => {
  const onceTrained =
    (fault: FakeReply): FakeHandler =>
    (_, index) =>
      index === 0 ? { kind: 'tool-call', name: 'ExecutePythonFile', args: {} } : fault;

  test.each(SERVER_FAULTS)('%s: code tells of it, and the study is to pause', async (_, fault, words) => {
    const { result, session } = await executeWith(onceTrained(fault));
    expect(result).toMatchObject({ ...COMPLETE, summaryBy: 'code', modelUnavailable: expect.stringMatching(words) });
    expect(session.runs()).toBe(1);
  });

  test.each(MODEL_FAULTS)('%s: the study goes on', async (_, fault) => {
    const { result, session } = await executeWith(onceTrained(fault));
    expect(result).toMatchObject(COMPLETE);
    expect(result.modelUnavailable).toBeUndefined();
    expect(session.runs()).toBe(1);
  });
});
