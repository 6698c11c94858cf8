import { expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import { type FakeHandler, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, started } from './maker.ts';

const trials = Array.from({ length: 8 }, (_, index) => {
  const learning_rate = index < 4 ? 0.0002 + index * 1e-4 : 0.9;
  return aTrial(index + 1, { ...DEFAULTS, learning_rate, hidden: 32 + (index % 7) }, 1 - index / 10);
});
const HISTORY = aHistory(started(), ...trials.flat());

const CONCLUSION = {
  best: 'Trial 8, 0.3, against 1 by default.',
  influence: {
    learning_rate: 'Large rates won.',
    hidden: 'Nothing to see.',
    optimizer: 'It never varied.',
    momentum: 'It never varied.',
  },
  future: 'Repeat it.',
};
const conclusion = (changes = {}): FakeReply => ({
  kind: 'tool-call',
  name: 'ConcludeStudy',
  args: { ...CONCLUSION, ...changes },
});

async function conclude(script: readonly FakeReply[] | FakeHandler | 'offline', history = HISTORY) {
  await using server = await startFakeOpenAi(script === 'offline' ? [] : script);
  const access = await anAccess(script === 'offline' ? 'offline' : server);
  const fallback = createSamplerProposer({ sampler: randomSampler, seed: 1 });
  const creator = createCreator({ task: aTask(), access, fallback, record: () => undefined });
  const analysis = await creator.conclude(history, new AbortController().signal);
  return { analysis, access, requests: server.requests };
}

test('the analysis takes one request', async () => {
  const { analysis, requests, access } = await conclude([conclusion()]);
  expect(analysis).toEqual({ ...CONCLUSION, by: 'model' });
  expect(requests).toHaveLength(1);
  expect(access.used[0]).toMatchObject({ role: 'report' });
});

test('an analysis that speaks of an unknown hyperparameter is sent back once', async () => {
  const { analysis, requests } = await conclude([conclusion({ influence: { learning_rte: 'x' } }), conclusion()]);
  expect(requests[1]?.messages.at(-1)?.content).toContain('did you mean "learning_rate"?');
  expect(analysis?.influence).toEqual(CONCLUSION.influence);
});

test('an analysis that leaves hyperparameters out is sent back once, then taken as it is', async () => {
  const part = conclusion({ influence: { learning_rate: 'Large rates won.' } });
  const { analysis, requests } = await conclude([part, part]);
  expect(requests[1]?.messages.at(-1)?.content).toContain('influence lacks hidden, optimizer, momentum');
  expect(analysis?.influence).toEqual({ learning_rate: 'Large rates won.' });
  const [tool] = requests[0]?.tools ?? [];
  expect(tool?.function.parameters).toMatchObject({
    properties: { influence: { required: ['learning_rate', 'hidden', 'optimizer', 'momentum'] } },
  });
});

test.each<[string, FakeReply]>([
  ['prose', { kind: 'text', text: 'It went well.' }],
  ['an empty analysis', conclusion({ best: ' ' })],
  ['broken JSON', { kind: 'raw-arguments', name: 'ConcludeStudy', arguments: '{' }],
])('a model that answers %s leaves the study without an analysis after two requests', async (_, reply) => {
  const { analysis, requests } = await conclude(() => reply);
  expect(analysis).toBeUndefined();
  expect(requests).toHaveLength(2);
});

test('the embedded model compares trials that differ in one thing alone and says that it computed', async () => {
  const { analysis } = await conclude('offline');
  expect(analysis).toMatchObject({
    by: 'offline',
    best: 'Computed: trial 8 has the best loss, 0.3, against 1 with the defaults (trial 1).',
    influence: {
      learning_rate: 'Computed: with nothing else changed, 0.0002: 1 (trial 1), 0.9: 0.3 (trial 8).',
      momentum: 'Computed: too few trials to compare.',
    },
    future: expect.stringMatching(/widen the range of learning_rate, .* values beyond make sense; repeat the best/),
  });
});

test('where the defaults won, the embedded model advises neither to widen ranges nor to check a lead', async () => {
  const atTheEnd = { ...DEFAULTS, learning_rate: 0.9 };
  const won = aHistory(started(), ...aTrial(1, atTheEnd, 0.1), ...aTrial(2, DEFAULTS, 1));
  const { analysis } = await conclude('offline', won);
  expect(analysis?.future).toBe('Computed: search on: no trial was better than the defaults.');
});
