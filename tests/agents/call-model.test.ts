import { HumanMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { callModel } from '../../agents/call-model.ts';
import type { CallLimits } from '../../agents/model-access.ts';
import { AgentHpoError } from '../../study/errors.ts';
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

const FAILURES_THAT_PASS: [string, FakeReply][] = [
  ['a 429', status(429)],
  ['a 500', status(500)],
  ['a 503', status(503)],
  ['a dropped connection', { kind: 'drop' }],
  ['JSON that ends too early', { kind: 'truncated' }],
  ['a web page instead of an answer', { kind: 'html' }],
  ['an answer without choices', { kind: 'json', body: { id: 'x', choices: [] } }],
];

test.each(FAILURES_THAT_PASS)('%s is tried again, and counted once', async (_, failure) => {
  const { reply, requests, access } = await call([failure, OK]);
  expect(reply).toBe('hello');
  expect(requests).toBe(2);
  expect(access.used).toHaveLength(1);
  expect(access.transcribed.map(({ kind }) => kind)).toEqual(['retry']);
});

test.each(FAILURES_THAT_PASS)('%s that stays ends in an error with its cause', async (_, failure) => {
  const { error, requests, access } = await call([failure, failure, failure]);
  expect(error).toBeInstanceOf(AgentHpoError);
  expect(error).toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('openai:fake at http://127.0.0.1'),
  });
  expect((error as AgentHpoError).cause).toBeInstanceOf(Error);
  expect(requests).toBe(3);
  expect(access.used).toEqual([]);
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
