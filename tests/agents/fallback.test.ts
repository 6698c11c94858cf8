import { HumanMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { callModel } from '../../agents/call-model.ts';
import { withFallbacks } from '../../agents/models/fallback-model.ts';
import { resolveModel } from '../../agents/models/resolve-model.ts';
import { runReactAgent } from '../../agents/react-agent.ts';
import { type FakeOpenAi, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { anAccess, QUICK } from './maker.ts';

const OK: FakeReply = { kind: 'text', text: 'hello' };
const status = (code: number): FakeReply => ({ kind: 'status', status: code });
const SOURCES = [{ name: 'the environment', values: {} }];

/** Access to these servers’ models, each the fallback of the one before; `offline` last when asked for. */
async function aLine(servers: readonly FakeOpenAi[], withOffline = false, givenUp = new Set<string>()) {
  const requests = servers.map(({ baseUrl }, index) => ({ model: `openai:model-${index + 1}`, baseUrl }));
  const names = withOffline ? [...requests, { model: 'offline' }] : requests;
  const [first, ...others] = await Promise.all(
    names.map((each) => resolveModel({ ...each, timeoutSeconds: 5, seed: 1, sources: SOURCES })),
  );
  if (first === undefined) throw new Error('a line has a first model');
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
  };
  return {
    said,
    access: await anAccess('offline', { model: withFallbacks(first, others, givenUp), limits: QUICK, say }),
  };
}

async function ask(access: Awaited<ReturnType<typeof anAccess>>) {
  const messages = [new HumanMessage('hi')];
  const { signal } = new AbortController();
  return await callModel({ access, role: 'creator', messages, signal, send: (chat) => chat.invoke(messages) });
}

test('after bounded retries the fallbacks take over in their order; it is said, logged and charged to them', async () => {
  await using first = await startFakeOpenAi([status(503), status(503), status(503)]);
  await using second = await startFakeOpenAi([{ kind: 'drop' }, { kind: 'drop' }, { kind: 'drop' }]);
  await using third = await startFakeOpenAi([OK, OK]);
  const { access, said } = await aLine([first, second, third]);
  expect((await ask(access)).text).toBe('hello');
  expect(said).toEqual([
    expect.stringMatching(/^openai:model-1 did not answer: status 503.*openai:model-2 takes over/),
    expect.stringMatching(/^openai:model-2 did not answer: no connection.*openai:model-3 takes over/),
  ]);
  expect(access.transcribed.filter(({ kind }) => kind === 'fallback').map(({ text }) => text)).toEqual(said);
  expect(access.used.map(({ model, failure }) => [model, failure !== undefined])).toEqual([
    ...[1, 2, 3].map(() => ['openai:model-1', true]),
    ...[1, 2, 3].map(() => ['openai:model-2', true]),
    ['openai:model-3', false],
  ]);
  await ask(access); // and stays with it: the first two are asked no more
});

test('what one role has given up, another does not try again', async () => {
  await using first = await startFakeOpenAi([status(503), status(503), status(503)]);
  await using second = await startFakeOpenAi([OK, OK]);
  const givenUp = new Set<string>();
  const creator = await aLine([first, second], false, givenUp);
  const executor = await aLine([first, second], false, givenUp);
  await ask(creator.access);
  await ask(executor.access);
  expect(executor.said).toEqual([]);
});

test('when the last fallback fails too, the error is its own', async () => {
  await using first = await startFakeOpenAi(() => status(500));
  await using second = await startFakeOpenAi(() => status(502));
  const { access } = await aLine([first, second]);
  await expect(ask(access)).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringMatching(/model-2.*status 502/),
  });
});

test.each([401, 403, 404, 400, 308])('a %i is a mistake to be mended: no fallback covers it up', async (code) => {
  await using first = await startFakeOpenAi([status(code)]);
  await using second = await startFakeOpenAi([]);
  const { access, said } = await aLine([first, second]);
  await expect(ask(access)).rejects.toMatchObject({ message: expect.stringContaining(`status ${code}`) });
  expect(said).toEqual([]);
});

test('spent credit is not repeated, but a fallback takes over', async () => {
  const body = { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } };
  await using first = await startFakeOpenAi([{ kind: 'status', status: 429, body }]);
  await using second = await startFakeOpenAi([OK]);
  const { access } = await aLine([first, second]);
  expect((await ask(access)).text).toBe('hello');
});

test('in the middle of a conversation the fallback goes on with it', async () => {
  const look: FakeReply = { kind: 'tool-call', name: 'Nothing', args: {} };
  await using first = await startFakeOpenAi([look, status(503), status(503), status(503)]);
  await using second = await startFakeOpenAi([OK]);
  const { access } = await aLine([first, second]);
  const task = { role: 'creator', systemPrompt: 's', prompt: 'p', tools: [], maxSteps: 5 } as const;
  const outcome = await runReactAgent({ ...task, access, signal: new AbortController().signal });
  expect(outcome).toMatchObject({ kind: 'finished', text: 'hello' });
  expect(second.requests[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
});

test('the embedded model as a fallback is not taken for a language model', async () => {
  await using first = await startFakeOpenAi(() => status(503));
  const { access } = await aLine([first], true);
  expect(access.model).toMatchObject({ name: 'openai:model-1', isOffline: false });
  await expect(ask(access)).rejects.toThrow(); // it answers prompts of the two roles only
  expect(access.model).toMatchObject({ name: 'offline', isOffline: true });
});
