import { HumanMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { callModel } from '../../agents/call-model.ts';
import type { CallLimits } from '../../agents/model-access.ts';
import { estimateTokens } from '../../agents/models/text-usage.ts';
import { BudgetReached } from '../../study/budget.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { CountedTokens } from '../../study/price.ts';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { anAccess, QUICK } from './maker.ts';

const OK: FakeReply = { kind: 'text', text: 'hello' };
const status = (code: number, headers?: Record<string, string>): FakeReply => ({
  kind: 'status',
  status: code,
  ...(headers && { headers }),
});

/** One guarded call over real HTTP. */
async function call(
  script: readonly FakeReply[],
  limits: Partial<CallLimits> = {},
  signal = new AbortController().signal,
) {
  await using server = await startFakeOpenAi(script);
  const access = await anAccess(server, { limits: { ...QUICK, ...limits } });
  const messages = [new HumanMessage('hi')];
  const send = () => access.model.chat.invoke(messages, { signal });
  const started = performance.now();
  const { reply, error } = await callModel({ access, role: 'creator', messages, signal, send }).then(
    (value) => ({ reply: value.text, error: undefined }),
    (problem: unknown) => ({ reply: undefined, error: problem }),
  );
  return { reply, error, access, requests: server.requests.length, milliseconds: performance.now() - started };
}

/** With what is recorded of such a request: that it cost nothing, or that nobody knows. */
const FREE = { promptTokens: 0, completionTokens: 0, costUsd: 0 };
const UNKNOWN = { promptTokens: null, completionTokens: null, estimatedTokens: expect.any(Number) };
const FAILURES_THAT_PASS: [string, FakeReply, object][] = [
  ['a 429', status(429), FREE],
  ['a 500', status(500), FREE],
  ['a 503', status(503), FREE],
  ['a 504', status(504), UNKNOWN],
  ['a dropped connection', { kind: 'drop' }, UNKNOWN],
  ['JSON that ends too early', { kind: 'truncated' }, UNKNOWN],
  ['a web page instead of an answer', { kind: 'html' }, UNKNOWN],
  ['an answer without choices', { kind: 'json', body: { id: 'x', choices: [] } }, UNKNOWN],
];

test.each(FAILURES_THAT_PASS)('%s is tried again, and either request is counted', async (_, failure, used) => {
  const { reply, requests, access } = await call([failure, OK]);
  expect(reply).toBe('hello');
  expect(requests).toBe(2);
  expect(access.used).toEqual([
    expect.objectContaining({ ...used, failure: expect.any(String) }),
    expect.objectContaining({ promptTokens: 100, completionTokens: 10 }),
  ]);
  expect(access.used[1]).not.toHaveProperty('failure');
  expect(access.transcribed.map(({ kind }) => kind)).toEqual(['retry']);
});

test.each(FAILURES_THAT_PASS)('%s that stays ends in an error with its cause', async (_, failure, used) => {
  const { error, requests, access } = await call([failure, failure, failure]);
  expect(error).toBeInstanceOf(AgentHpoError);
  expect(error).toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('openai:fake at http://127.0.0.1'),
  });
  expect((error as AgentHpoError).cause).toBeInstanceOf(Error);
  expect(requests).toBe(3);
  expect(access.used).toEqual([1, 2, 3].map(() => expect.objectContaining(used)));
});

test.each([401, 403, 404])('a %i fails at once and says what to set', async (code) => {
  const { error, requests } = await call([status(code)]);
  expect(error).toMatchObject({ code: 'model-unusable', hint: expect.stringContaining('--model offline') });
  expect(requests).toBe(1);
});

test('a 400 fails at once with the server’s own words', async () => {
  const body = { error: { message: 'Unsupported value: temperature\n<b>long</b>' } };
  const { error, requests } = await call([{ kind: 'status', status: 400, body }]);
  expect(error).toMatchObject({
    code: 'model-failed',
    message: expect.stringMatching(/status 400: .*Unsupported value: temperature\.$/),
  });
  expect(requests).toBe(1);
});

test('an API version that is too old for the deployment is said with what to set', async () => {
  const body = { error: { message: 'Model o1 is enabled only for api versions 2024-12-01-preview and later' } };
  const { error } = await call([{ kind: 'status', status: 400, body }]);
  expect(error).toMatchObject({ hint: expect.stringContaining('AZURE_OPENAI_API_VERSION') });
});

test.each([
  ['this model cannot use tools with images', /--tool-form text/],
  ['max_tokens must be a power of two', /for the reason that it gives/],
])('a request that is refused as %j is explained by that alone', async (message, hint) => {
  const { error } = await call([{ kind: 'status', status: 400, body: { error: { message } } }]);
  expect(error).toMatchObject({ code: 'model-failed', hint: expect.stringMatching(hint) });
});

test('spent credit is not tried again', async () => {
  const body = { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } };
  const { error, requests } = await call([{ kind: 'status', status: 429, body }]);
  expect(error).toMatchObject({ code: 'model-failed', hint: expect.stringContaining('credit') });
  expect(requests).toBe(1);
});

test('Retry-After is waited for', async () => {
  const { reply, milliseconds } = await call([status(429, { 'retry-after': '1' }), OK]);
  expect(reply).toBe('hello');
  expect(milliseconds).toBeGreaterThanOrEqual(990);
});

test('a Retry-After may be longer than the waits of our own', async () => {
  const { reply } = await call([status(429, { 'retry-after': '1' }), OK], { maxDelayMs: 10 });
  expect(reply).toBe('hello');
});

test('a Retry-After beyond the time for retries is not waited for', async () => {
  const { error, requests } = await call([status(429, { 'retry-after': '3600' })]);
  expect(error).toMatchObject({ code: 'model-failed' });
  expect(requests).toBe(1);
});

test.each<FakeReply['kind'] & ('hang' | 'stall')>(['hang', 'stall'])(
  'a server that will %s ends with the time limit',
  async (kind) => {
    const { error, requests } = await call([{ kind }, { kind }], { timeoutSeconds: 0.2, maxRetries: 1 });
    expect(error).toMatchObject({ code: 'model-failed', message: expect.stringContaining('no answer in time') });
    expect(requests).toBe(2);
  },
);

test('no server at all is said as such', async () => {
  const { baseUrl, ...server } = await startFakeOpenAi([]);
  await server[Symbol.asyncDispose]();
  const access = await anAccess({ baseUrl });
  const messages = [new HumanMessage('hi')];
  const { signal } = new AbortController();
  const send = () => access.model.chat.invoke(messages);
  await expect(callModel({ access, role: 'creator', messages, signal, send })).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(access.used).toEqual([]); // nobody was asked
});

test('what was reserved for a request whose fate is unknown stays spent, whole, at its model’s price', async () => {
  await using server = await startFakeOpenAi([{ kind: 'drop' }, OK]);
  const costOf = ({ promptTokens, completionTokens }: CountedTokens) =>
    promptTokens === null || completionTokens === null ? null : promptTokens + 1_000 * completionTokens;
  const access = await anAccess(server, { limits: QUICK, reserve: () => 2_000, costOf });
  const messages = [new HumanMessage('hi')];
  const { signal } = new AbortController();
  const send = () => access.model.chat.invoke(messages, { signal });
  await callModel({ access, role: 'creator', messages, signal, send });
  const prompt = estimateTokens('hi') + 8;
  expect(access.used[0]).toMatchObject({ estimatedTokens: prompt + 2_000, estimatedUsd: prompt + 2_000_000 });
});

test('a request given up in the middle is counted before the abort is told', async () => {
  const controller = new AbortController();
  await using server = await startFakeOpenAi(() => {
    setTimeout(() => controller.abort(new Error('interrupted')), 20);
    return { kind: 'hang' };
  });
  const access = await anAccess(server);
  const messages = [new HumanMessage('hi')];
  const { signal } = controller;
  const send = () => access.model.chat.invoke(messages); // a client that does not listen to the signal
  await expect(callModel({ access, role: 'creator', messages, signal, send })).rejects.toThrow('interrupted');
  expect(access.used).toEqual([expect.objectContaining({ ...UNKNOWN, failure: 'given up before it was answered' })]);
});

const REFUSED_LIMIT: FakeReply = {
  kind: 'status',
  status: 400,
  body: { error: { message: "Unsupported parameter: 'max_completion_tokens' is not supported with this model." } },
};

test('a request that is refused and sent in another form counts twice, and the budget is asked again', async () => {
  await using server = await startFakeOpenAi([REFUSED_LIMIT, OK]);
  let asked = 0;
  const reserve = () => {
    asked += 1;
    return 5_000;
  };
  const access = await anAccess(server, { reserve });
  const messages = [new HumanMessage('hi')];
  const { signal } = new AbortController();
  const send = () => access.model.chat.invoke(messages, { signal });
  expect((await callModel({ access, role: 'creator', messages, signal, send })).text).toBe('hello');
  expect(server.requests.map(({ body }) => [body['max_completion_tokens'], body['max_tokens']])).toEqual([
    [5_000, undefined],
    [undefined, 5_000],
  ]);
  expect(asked).toBe(2);
  expect(access.used.map(({ failure }) => failure !== undefined)).toEqual([true, false]);
});

test('where the budget has no room for the other form, nothing is sent, and the budget is what is told', async () => {
  await using server = await startFakeOpenAi([REFUSED_LIMIT]);
  const spent = new BudgetReached('requests', 1, 1);
  let asked = 0;
  const reserve = () => {
    asked += 1;
    if (asked > 1) throw spent;
    return 5_000;
  };
  const access = await anAccess(server, { reserve });
  const messages = [new HumanMessage('hi')];
  const { signal } = new AbortController();
  const send = () => access.model.chat.invoke(messages, { signal });
  await expect(callModel({ access, role: 'creator', messages, signal, send })).rejects.toBe(spent);
  expect(access.used).toEqual([expect.objectContaining(FREE)]);
});

test('an abort in the middle of a wait ends it at once with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  setTimeout(() => controller.abort(reason), 50);
  const { error, requests } = await call(
    [status(500)],
    { firstDelayMs: 60_000, maxDelayMs: 90_000, retrySeconds: 300 },
    controller.signal,
  );
  expect(error).toBe(reason);
  expect(requests).toBe(1);
});

test('however often it may try, no attempt begins after the time for retries', async () => {
  const storm = Array.from({ length: 4 }, () => status(503));
  const { error, requests } = await call(storm, { maxRetries: 1_000, firstDelayMs: 100, retrySeconds: 1 });
  expect(error).toMatchObject({ code: 'model-failed' });
  expect(requests).toBe(4); // after waits of about 0.1, 0.2 and 0.4 s; one of 0.8 s would end too late
});

test('a redirect is not followed, and says where it leads', async () => {
  const { error, requests } = await call([status(308, { location: 'https://elsewhere.example/v1' })]);
  expect(error).toMatchObject({
    code: 'model-unusable',
    message: expect.stringContaining('it redirects to https://elsewhere.example/v1'),
    hint: expect.stringContaining('--base-url'),
  });
  expect(requests).toBe(1);
});

test('a server that repeats the key in its error does not get it onto the screen', async () => {
  const key = `sk-proj-${'aB3'.repeat(10)}`;
  const body = { error: { message: `Incorrect API key provided: ${key}` } };
  const { error } = await call([{ kind: 'status', status: 401, body }]);
  expect(error).toMatchObject({ message: expect.stringContaining('provided: [redacted: OpenAI key]') });
  expect(String((error as AgentHpoError).cause)).not.toContain(key);
});

test('a prompt that a content filter refuses is a reply that declines', async () => {
  const body = { error: { message: 'The response was filtered', code: 'content_filter' } };
  const { reply, requests } = await call([{ kind: 'status', status: 400, body }]);
  expect([reply, requests]).toEqual(['', 1]);
});

test('an error of our own is not taken for the model’s', async () => {
  const access = await anAccess('offline');
  const bug = new TypeError('cannot read properties of undefined');
  const send = () => Promise.reject(bug);
  const { signal } = new AbortController();
  await expect(callModel({ access, role: 'creator', messages: [], signal, send })).rejects.toBe(bug);
});
