import { expect, test } from 'vitest';
import { toModelFault } from '../../../agents/model-fault.ts';
import { shortMemory } from '../../../agents/models/quirk-memory.ts';
import { readUsage } from '../../../agents/models/read-usage.ts';
import { resolveModel } from '../../../agents/models/resolve-model.ts';
import { type FakeReply, startFakeOpenAi } from '../../fixtures/fake-openai.ts';
import { REFUSALS } from '../../fixtures/refusals.ts';

const choice = (delta: object, finish: string | null = null) => ({
  id: 'stream-1',
  object: 'chat.completion.chunk',
  model: 'fake',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const call = (index: number, more: object) => choice({ tool_calls: [{ index, ...more }] });

const PIECES = [
  choice({ role: 'assistant', content: '', reasoning_content: 'Hm.' }),
  choice({ content: 'look ' }),
  choice({ content: 'twice' }),
  call(0, { id: 'call_a', type: 'function', function: { name: 'Look', arguments: '' } }),
  call(0, { function: { arguments: '{"at": ' } }),
  call(1, { id: 'call_b', type: 'function', function: { name: 'Look', arguments: '{"at": 4}' } }),
  call(0, { function: { arguments: '3}' } }),
  choice({}, 'tool_calls'),
  { id: 'stream-1', choices: [], usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 } },
];

const asEvents = (pieces: readonly object[], end = 'data: [DONE]\n\n'): FakeReply => ({
  kind: 'events',
  events: `: ping\n\n${pieces.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}${end}`,
});

async function ask(script: readonly FakeReply[]) {
  await using server = await startFakeOpenAi(script);
  const memory = shortMemory();
  const request = { baseUrl: server.baseUrl, timeoutSeconds: 5, seed: 1, sources: [], memory };
  const { chat } = await resolveModel({ ...request, model: 'openai:fake' });
  const { reply, error } = await chat.invoke('hello').then(
    (answer) => ({ reply: answer, error: undefined }),
    (problem: unknown) => ({ reply: undefined, error: problem }),
  );
  return { reply, error, known: [...memory.known()], bodies: server.requests.map(({ body }) => body) };
}

test('a server that only streams is asked for a stream, which is put together', async () => {
  const refusal = REFUSALS.find(({ quirk }) => quirk === 'only-streams');
  const { reply, known, bodies } = await ask([{ kind: 'status', status: 400, body: refusal?.body }, asEvents(PIECES)]);
  expect(known).toEqual(['only-streams']);
  expect(bodies[0]?.['stream']).not.toBe(true);
  expect(bodies[1]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  expect(reply?.text).toBe('look twice');
  expect(reply?.tool_calls).toMatchObject([
    { id: 'call_a', name: 'Look', args: { at: 3 } },
    { id: 'call_b', name: 'Look', args: { at: 4 } },
  ]);
  expect(reply?.additional_kwargs).toMatchObject({ reasoning_content: 'Hm.' });
  expect(reply && readUsage(reply)).toMatchObject({ promptTokens: 100, completionTokens: 10 });
});

test('a stream that nobody asked for is put together too', async () => {
  const { reply, known } = await ask([asEvents([choice({ content: 'hi' }), choice({}, 'stop')])]);
  expect({ text: reply?.text, known }).toEqual({ text: 'hi', known: [] });
});

test.each([
  ['that breaks off', asEvents(PIECES.slice(0, 4), 'data: {"id": "stre'), /not in the format/],
  [
    'that ends in an error',
    asEvents([...PIECES.slice(0, 2), { error: { message: 'overloaded' } }]),
    /status 502: .*overloaded/,
  ],
])('a stream %s: one that is broken off, or ends in an error, is a fault that may pass', async (_, events, what) => {
  const { error } = await ask([events]);
  expect(toModelFault(error)).toMatchObject({ isPassing: true, what: expect.stringMatching(what) });
});
