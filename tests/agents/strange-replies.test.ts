import { describe, expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, QUICK, started } from './maker.ts';

// Replies whose shape or size no protocol allows, as servers and models send them. Real HTTP, the real client.

const GOOD_VALUES = { ...DEFAULTS, learning_rate: 0.02 };
const ARGUMENTS = {
  basedOn: 1,
  hyperparameters: GOOD_VALUES,
  reasons: { learning_rate: 'Smaller steps.' },
  expects: { outcome: 'better' },
  intent: 'exploit',
  rationale: 'The default steps are coarse.',
};
const GOOD: FakeReply = { kind: 'tool-call', name: 'ProposeTrial', args: ARGUMENTS };
const NEVER = new AbortController().signal;

async function proposeWith(script: readonly FakeReply[]) {
  await using server = await startFakeOpenAi(script);
  const access = await anAccess(server, { limits: { ...QUICK, maxRetries: 0 } });
  const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5));
  const fallback = createSamplerProposer({ sampler: randomSampler, seed: 1 });
  const creator = createCreator({ task: aTask(), access, fallback, record: () => undefined });
  const [proposal] = await creator.propose(history, [], 1, NEVER);
  return { proposal, access, requests: server.requests };
}

const message = (given: object): FakeReply => ({
  kind: 'json',
  body: { id: 'x', choices: [{ index: 0, message: { role: 'assistant', content: '', ...given } }] },
});
const call = (called: unknown, id: unknown = 'call_1') => ({ id, type: 'function', function: called });
const calling = (...calls: readonly unknown[]) => message({ tool_calls: calls });
const arguing = (given: unknown) => calling(call({ name: 'ProposeTrial', arguments: given }));

describe('a reply of a strange shape', () => {
  test.each<[string, FakeReply]>([
    ['arguments as an object', arguing(ARGUMENTS)],
    ['arguments as JSON within JSON', arguing(JSON.stringify(JSON.stringify(ARGUMENTS)))],
    ['an id that is a number', calling(call({ name: 'ProposeTrial', arguments: JSON.stringify(ARGUMENTS) }, 7))],
    ['an id that is null', calling(call({ name: 'ProposeTrial', arguments: JSON.stringify(ARGUMENTS) }, null))],
    ['a broken call before a good one', calling(null, call({ name: 'ProposeTrial', arguments: ARGUMENTS }))],
  ])('%s: understood', async (_, reply) => {
    const { proposal, requests } = await proposeWith([reply]);
    expect(proposal).toMatchObject({ origin: 'creator', hyperparameters: GOOD_VALUES });
    expect(requests).toHaveLength(1);
  });

  test('arguments as an object beside others as text: the calls keep their order', async () => {
    const second = { ...ARGUMENTS, hyperparameters: { ...DEFAULTS, learning_rate: 0.5 } };
    const both = [ARGUMENTS, JSON.stringify(second)].map((given) => call({ name: 'ProposeTrial', arguments: given }));
    const { proposal } = await proposeWith([calling(...both)]);
    expect(proposal).toMatchObject({ hyperparameters: GOOD_VALUES });
  });

  test.each<[string, FakeReply, RegExp]>([
    ['arguments as a list', arguing([ARGUMENTS]), /object/],
    ['arguments as a number', arguing(5), /object/],
    ['arguments that say null', arguing('null'), /object/],
    ['arguments that say a list', arguing('[1]'), /object/],
    ['arguments as null', arguing(null), /hyperparameters/],
    ['no arguments', calling(call({ name: 'ProposeTrial' })), /hyperparameters/],
    ['no name', calling(call({ arguments: '{}' })), /no tool "unknown"/],
    ['a name that is a number', calling(call({ name: 7, arguments: '{}' })), /no tool "7"/],
    ['no function', calling({ id: 'call_1', type: 'function' }), /no tool "unknown"/],
    ['a function that is null', calling(call(null)), /no tool "unknown"/],
    ['a call that is null', calling(null), /no tool "unknown"/],
    ['calls that are no list', message({ tool_calls: { name: 'ProposeTrial' } }), /Call it now/],
    ['calls that are null', message({ tool_calls: null }), /Call it now/],
    ['content as unknown parts', message({ content: [{ type: 'strange', x: 1 }, 'plain', null] }), /Call it now/],
    ['no content', message({ content: undefined }), /Call it now/],
    ['no message', { kind: 'json', body: { id: 'x', choices: [{ index: 0 }] } }, /Call it now/],
  ])('%s: the model is told and mends it', async (_, reply, words) => {
    const { proposal, requests } = await proposeWith([reply, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator', hyperparameters: GOOD_VALUES });
    expect(requests[1]?.messages.at(-1)?.content).toMatch(words);
  });

  test.each<[string, FakeReply]>([
    ['content as a number', message({ content: 7 })],
    ['content as an object', message({ content: { text: 'hello' } })],
    ['a body that is a list', { kind: 'json', body: [] }],
    ['a body that is null', { kind: 'json', body: null }],
  ])('%s: a fault of the server', async (_, reply) => {
    await expect(proposeWith([reply])).rejects.toMatchObject({ code: 'model-failed' });
  });
});

describe('a reply nested without end', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  test.each<[string, FakeReply]>([
    [
      'as text',
      { kind: 'raw-arguments', name: 'ProposeTrial', arguments: `{"x":${'['.repeat(1e5)}${']'.repeat(1e5)}}` },
    ],
    ['as an object', arguing({ x: nested(900) })],
  ])('in its arguments, %s: the model hears of it', async (_, reply) => {
    const { proposal, requests } = await proposeWith([reply, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator' });
    expect(requests[1]?.messages.at(-1)?.content).toContain('The arguments were not one valid JSON object');
  });

  test('anywhere else: a fault of the server', async () => {
    const reply = message({ content: 'Hello.', parts: nested(2_000) });
    await expect(proposeWith([reply])).rejects.toMatchObject({ code: 'model-failed' });
  });
});

describe('a reply without end', () => {
  const HUGE = 'All work and no play. '.repeat(200_000);
  const sizes = (requests: readonly FakeRequest[]) => requests.map(({ body }) => JSON.stringify(body).length);

  test('prose: what goes back to the model, and into the transcript, is short and says so', async () => {
    const { proposal, requests, access } = await proposeWith([{ kind: 'text', text: HUGE }, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator' });
    expect(requests[1]?.messages.at(-2)?.content).toContain('characters left out');
    expect(Math.max(...sizes(requests))).toBeLessThan(60_000);
    expect(Math.max(...access.transcribed.map(({ text }) => text.length))).toBeLessThan(25_000);
  });

  test('arguments: they are not read, which the model hears', async () => {
    const long: FakeReply = { kind: 'tool-call', name: 'ProposeTrial', args: { ...ARGUMENTS, rationale: HUGE } };
    const { proposal, requests } = await proposeWith([long, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator' });
    expect(requests[1]?.messages.at(-1)?.content).toMatch(/44\d{5} characters; at most 60000 are read/);
    expect(Math.max(...sizes(requests))).toBeLessThan(60_000);
  });

  test('broken arguments go back as an empty object', async () => {
    const { requests } = await proposeWith([
      { kind: 'raw-arguments', name: 'ProposeTrial', arguments: `{"a": "${HUGE}` },
      GOOD,
    ]);
    expect(requests[1]?.messages.at(-2)?.tool_calls?.[0]?.function.arguments).toBe('{}');
    expect(Math.max(...sizes(requests))).toBeLessThan(60_000);
  });

  test('tool calls: the first are answered, the rest are left out, which is said', async () => {
    const calls = Array.from({ length: 5_000 }, () => ({ name: 'LoadExperimentLogs', args: {} }));
    const { proposal, requests } = await proposeWith([{ kind: 'tool-calls', calls }, GOOD]);
    expect(proposal).toMatchObject({ origin: 'creator' });
    expect(requests[1]?.messages.filter(({ role }) => role === 'tool')).toHaveLength(16);
    expect(requests[1]?.messages.find(({ role }) => role === 'assistant')?.content).toContain(
      '4984 further tool calls left out',
    );
  });

  test('the name of a tool goes back as servers take one', async () => {
    const { requests } = await proposeWith([{ kind: 'tool-call', name: `functions.${HUGE}`, args: {} }, GOOD]);
    expect(requests[1]?.messages.at(-2)?.tool_calls?.[0]?.function.name).toMatch(/^functions_All[\w-]{51}$/);
  });
});

describe('thinking that a model shows is no part of what it says', () => {
  test.each([
    ['before its words', '<think>The user wants praise.</think>\n\nIt converged.', 'It converged.'],
    ['without its beginning', 'The user wants praise.</think>It converged.', 'It converged.'],
    ['without its end', 'It converged. <think>The user wants', 'It converged.'],
  ])('%s', async (_, text, said) => {
    await using server = await startFakeOpenAi([{ kind: 'text', text }]);
    const access = await anAccess(server);
    const reply = await access.model.chat.invoke('What happened?');
    expect(reply.text).toBe(said);
  });

  test('beside a tool call it is not sent back', async () => {
    const look: FakeReply = {
      kind: 'tool-call',
      name: 'LoadExperimentLogs',
      args: {},
      text: '<think>Let me look.</think>I look.',
    };
    const { requests } = await proposeWith([look, GOOD]);
    expect(requests[1]?.messages.at(-2)).toMatchObject({ role: 'assistant', content: 'I look.' });
  });

  test('nothing but thinking is an empty reply', async () => {
    const thinking: FakeReply = { kind: 'text', text: '<think>Hm, let me see', finish: 'length' };
    const { requests } = await proposeWith([thinking, GOOD]);
    expect(requests[1]?.messages.at(-1)?.content).toMatch(/cut off.*Call it now/);
    expect(JSON.stringify(requests[1]?.messages)).not.toContain('Hm, let me see');
  });
});
