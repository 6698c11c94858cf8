import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { applyQuirks } from '../../../agents/models/apply-quirks.ts';
import { learnQuirk } from '../../../agents/models/learn-quirk.ts';
import { createLearningFetch } from '../../../agents/models/learning-fetch.ts';
import { shortMemory } from '../../../agents/models/quirk-memory.ts';
import { withReplyLimit } from '../../../agents/models/reply-limit.ts';
import { resolveModel } from '../../../agents/models/resolve-model.ts';
import { MODEL_QUIRK_NAMES } from '../../../study/model-quirk.ts';
import { type FakeReply, startFakeOpenAi } from '../../fixtures/fake-openai.ts';
import { REFUSALS } from '../../fixtures/refusals.ts';

/** A request with everything that one may hold. */
const FULL = {
  model: 'x',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Go.' },
    { role: 'assistant', content: 'Gone.' },
  ],
  tools: [{ type: 'function' }],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  temperature: 0.2,
  max_tokens: 10,
  max_completion_tokens: 10,
  stop: ['x'],
  seed: 1,
  response_format: { type: 'json_object' },
};

test.each(REFUSALS.map((each) => [each.from, each.quirk, each] as const))(
  '%s: %s is learned from its own words',
  (_, quirk, { status, body }) => {
    expect(learnQuirk(status, JSON.stringify(body), FULL, new Set())?.quirk).toBe(quirk);
  },
);

test.each(REFUSALS.filter(({ quirk }) => quirk !== 'no-tools').map((each) => [each.from, each.quirk, each] as const))(
  '%s: %s: what was refused goes again without it',
  async (_, quirk, { status, body }) => {
    await using server = await startFakeOpenAi([
      { kind: 'status', status, body },
      { kind: 'text', text: 'now' },
    ]);
    const memory = shortMemory();
    const ask = createLearningFetch(fetch, memory);
    const reply = await ask(`${server.baseUrl}/chat/completions`, { method: 'POST', body: JSON.stringify(FULL) });
    expect(reply.status).toBe(200);
    expect([...memory.known()]).toEqual([quirk]);
    const sentAgain = server.requests[1]?.body ?? FULL;
    expect(learnQuirk(status, JSON.stringify(body), sentAgain, new Set())?.quirk).not.toBe(quirk);
  },
);

test.each([
  [401, { error: { message: 'Incorrect API key provided: temperature is not supported' } }],
  [429, { error: { message: 'Rate limit reached; tools not supported in tier' } }],
  [400, { error: { message: 'Invalid type for tools[0].function.name: expected a string' } }],
  [400, { error: { message: 'maximum context length is 8192 tokens, however you requested 9000 tokens' } }],
  [404, { error: { message: 'The model `gpt-9` does not exist or you do not have access to it.' } }],
  [400, { error: { message: 'temperature must be between 0 and 2' } }],
  [503, { error: { message: 'overloaded' } }],
  // The turns are wrong, not the system’s.
  [
    500,
    { error: { message: 'After the optional system message, conversation roles must alternate user and assistant' } },
  ],
  [400, { error: { message: 'Model o1 is enabled only for api versions 2024-12-01-preview and later' } }],
  [400, { error: { message: "Failed to call a function. See 'failed_generation' for more details." } }],
])('%i %j teaches nothing', (status, body) => {
  expect(learnQuirk(status, JSON.stringify(body), FULL, new Set())).toBeUndefined();
});

test('every quirk is there because some server refused so', () => {
  expect(new Set(REFUSALS.map(({ quirk }) => quirk))).toEqual(new Set(MODEL_QUIRK_NAMES));
});

test('what was not sent cannot have been refused, and what is known is not learned again', () => {
  const [refusal] = REFUSALS;
  const answer = JSON.stringify(refusal?.body);
  expect(learnQuirk(400, answer, { model: 'x', messages: [] }, new Set())).toBeUndefined();
  expect(learnQuirk(400, answer, FULL, new Set(['no-temperature']))).toBeUndefined();
});

test('a quirk changes its own field and no other', () => {
  const { temperature: _, ...without } = FULL;
  expect(applyQuirks(FULL, new Set(['no-temperature']))).toEqual(without);
  expect(applyQuirks({ model: 'x', max_tokens: 5 }, new Set(['no-max-tokens']))).toEqual({
    model: 'x',
    max_completion_tokens: 5,
  });
  expect(applyQuirks(FULL, new Set(['no-system-role']))['messages']).toEqual([
    { role: 'user', content: 'Be brief.\n\nGo.' },
    { role: 'assistant', content: 'Gone.' },
  ]);
});

const refused = (index: number): FakeReply => {
  const refusal = REFUSALS[index];
  if (refusal === undefined) throw new Error(`there is no refusal ${index}`);
  return { kind: 'status', status: refusal.status, body: refusal.body };
};

async function ask(model: Awaited<ReturnType<typeof resolveModel>>, words: string) {
  return await model.chat.invoke(words);
}

test('a refused request is changed and sent again, once; later requests are right from the start', async () => {
  await using server = await startFakeOpenAi([
    refused(0),
    { kind: 'text', text: 'first' },
    { kind: 'text', text: 'second' },
  ]);
  const memory = shortMemory();
  const model = await resolveModel({
    model: 'openai:fake',
    baseUrl: server.baseUrl,
    temperature: 0.2,
    timeoutSeconds: 5,
    seed: 1,
    sources: [],
    memory,
  });
  expect((await ask(model, 'hello')).text).toBe('first');
  expect((await ask(model, 'again')).text).toBe('second');
  expect(server.requests.map(({ body }) => body['temperature'])).toEqual([0.2, undefined, undefined]);
  expect([...memory.known()]).toEqual(['no-temperature']);
});

test('several quirks of one server are learned one after another', async () => {
  await using server = await startFakeOpenAi([refused(11), refused(0), { kind: 'text', text: 'now' }]);
  const request = { baseUrl: server.baseUrl, temperature: 0.2, timeoutSeconds: 5, seed: 1, sources: [] };
  const model = await resolveModel({ ...request, model: 'vllm:gemma' });
  const reply = await model.chat.invoke([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Go.' },
  ]);
  expect(reply.text).toBe('now');
  expect(server.requests.at(-1)?.messages).toEqual([{ role: 'user', content: 'Be brief.\n\nGo.' }]);
});

test('a server that takes neither name for the limit of a reply is sent none', async () => {
  const both = ['no-max-completion-tokens', 'no-max-tokens'] as const;
  const refusals = both.map((quirk) => refused(REFUSALS.findIndex((each) => each.quirk === quirk)));
  await using server = await startFakeOpenAi([...refusals, { kind: 'text', text: 'now' }]);
  const request = { baseUrl: server.baseUrl, timeoutSeconds: 5, seed: 1, sources: [] };
  const { chat } = await resolveModel({ ...request, model: 'vllm:strict' });
  expect((await withReplyLimit(50, () => chat.invoke('hello'))).text).toBe('now');
  const limits = server.requests.map(({ body }) => [body['max_completion_tokens'], body['max_tokens']]);
  expect(limits).toEqual([
    [50, undefined],
    [undefined, 50],
    [undefined, undefined],
  ]);
});

test('a refusal that repeats in spite of the change is the user’s to read, in the server’s words', async () => {
  await using server = await startFakeOpenAi([refused(0), refused(0)]);
  const request = { baseUrl: server.baseUrl, temperature: 0.2, timeoutSeconds: 5, seed: 1, sources: [] };
  const model = await resolveModel({ ...request, model: 'openai:fake' });
  await expect(ask(model, 'hello')).rejects.toThrow("'temperature' does not support 0.2");
});

test('no temperature is sent unless one was set', async () => {
  await using server = await startFakeOpenAi([{ kind: 'text', text: 'hi' }]);
  const request = { baseUrl: server.baseUrl, timeoutSeconds: 5, seed: 1, sources: [] };
  await (await resolveModel({ ...request, model: 'ollama:qwen3:8b' })).chat.invoke('hello');
  expect(server.requests[0]?.body).not.toHaveProperty('temperature');
  expect(server.requests[0]?.body['model']).toBe('qwen3:8b');
});

test('a server that asks for its earlier reasoning back is sent it, without secrets', async () => {
  const secret = 'correct-horse-battery';
  const call = { id: 'call_1', type: 'function', function: { name: 'Look', arguments: '{}' } };
  const message = { role: 'assistant', content: '', reasoning_content: `Hm, ${secret}.`, tool_calls: [call] };
  const thinking: FakeReply = { kind: 'json', body: { id: 'x', choices: [{ index: 0, message }] } };
  const wanted = REFUSALS.findIndex(({ quirk }) => quirk === 'wants-reasoning');
  await using server = await startFakeOpenAi([thinking, refused(wanted), { kind: 'text', text: 'done' }]);
  const sources = [{ name: 'the environment', values: { MY_SECRET: secret } }];
  const request = { baseUrl: server.baseUrl, timeoutSeconds: 5, seed: 1, sources };
  const { chat } = await resolveModel({ ...request, model: 'deepseek:deepseek-v4-pro' });
  const asked = [new HumanMessage('hello')];
  const reply = await chat.invoke(asked);
  const result = new ToolMessage({ tool_call_id: 'call_1', content: 'seven' });
  expect((await chat.invoke([...asked, reply, result])).text).toBe('done');
  const repeated = server.requests.slice(1).map(({ messages }) => messages[1]);
  expect(repeated[0]).not.toHaveProperty('reasoning_content');
  expect(repeated[1]).toMatchObject({ role: 'assistant', reasoning_content: 'Hm, [redacted: MY_SECRET].' });
});
