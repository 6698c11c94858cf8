import { expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import type { ModelAccess } from '../../agents/model-access.ts';
import { parsePromptBlocks } from '../../agents/prompt-block.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventOf } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';
import { type FakeHandler, type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, SPEC, started } from './maker.ts';

const NEVER = new AbortController().signal;

/** Two trials: the defaults, and a failed one. */
const aStudy = () => aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, { ...DEFAULTS, hidden: 120 }));

const GOOD = {
  basedOn: 1,
  hyperparameters: { ...DEFAULTS, learning_rate: 0.02 },
  reasons: { learning_rate: 'Smaller steps.' },
  expects: { outcome: 'better', value: 0.4 },
  intent: 'exploit',
  rationale: 'The default steps are coarse.',
};

const propose = (changes: Record<string, unknown> = {}): FakeReply => ({
  kind: 'tool-call',
  name: 'ProposeTrial',
  args: { ...GOOD, ...changes },
});
const tried = propose({ hyperparameters: DEFAULTS, reasons: {} });
const text = (words: string): FakeReply => ({ kind: 'text', text: words });

interface Options {
  readonly history?: History;
  readonly count?: number;
  readonly access?: Partial<ModelAccess>;
  readonly spec?: SearchSpaceSpec;
}

async function ask(
  script: readonly FakeReply[] | FakeHandler | 'offline',
  { history = aStudy(), count = 1, ...options }: Options = {},
) {
  await using server = await startFakeOpenAi(script === 'offline' ? [] : script);
  const access = await anAccess(script === 'offline' ? 'offline' : server, options.access);
  const rejected: EventOf<'proposal-rejected'>[] = [];
  const creator = createCreator({
    task: aTask(options.spec),
    access,
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 1 }),
    record: (event) => {
      rejected.push(event);
    },
  });
  const proposals = await creator.propose(history, history.unfinished, count, NEVER);
  return { proposals, rejected, access, requests: server.requests };
}

/** What the model was last told. */
const lastOf = (request: FakeRequest | undefined) => request?.messages.at(-1)?.content ?? '';

test('a good proposal is taken in one request', async () => {
  const { proposals, requests, access } = await ask([propose()]);
  expect(proposals).toEqual([
    {
      origin: 'creator',
      hyperparameters: GOOD.hyperparameters,
      basedOn: 1,
      reasons: GOOD.reasons,
      expects: GOOD.expects,
      intent: 'exploit',
      rationale: GOOD.rationale,
    },
  ]);
  expect(requests).toHaveLength(1);
  expect(access.used[0]).toMatchObject({ role: 'creator', trial: 3 });
});

test('the prompt tells the whole space, the incumbent and the failure, as data', async () => {
  const { requests } = await ask([propose()]);
  const blocks = parsePromptBlocks(lastOf(requests[0]));
  expect(blocks.get('task')).toMatchObject({
    objective: { metric: 'loss', direction: 'minimize' },
    constraints: SPEC.constraints,
    hyperparameters: expect.arrayContaining([
      { name: 'momentum', type: 'float', range: [0, 0.99], default: 0.9, when: { optimizer: ['sgd'] } },
    ]),
  });
  expect(blocks.get('turn')).toMatchObject({
    trial: 3,
    incumbent: { trial: 1, value: 0.5, hyperparameters: DEFAULTS },
    neverVaried: ['learning_rate', 'optimizer', 'momentum'],
  });
  expect(blocks.get('log')).toMatchObject({ lines: [{ 0: 1 }, { 0: 2, 6: 'failed: out-of-memory' }] });
  expect(lastOf(requests[0])).toContain('8 trials are left, this one included.');
});

test('the tool’s schema carries types, ranges and choices', async () => {
  const { requests } = await ask([propose()]);
  const schema = requests[0]?.tools.find((each) => each.function.name === 'ProposeTrial')?.function.parameters;
  expect(schema).toMatchObject({
    properties: {
      hyperparameters: {
        properties: {
          learning_rate: { type: 'number', minimum: 0.0001, maximum: 1 },
          hidden: { type: 'integer', minimum: 8, maximum: 128 },
          optimizer: { type: 'string', enum: ['sgd', 'adam'] },
          momentum: { type: 'number', minimum: 0, maximum: 0.99 },
        },
        required: ['learning_rate', 'hidden', 'optimizer'],
      },
    },
  });
  expect(JSON.stringify(requests[0]?.tools)).not.toContain('9007199254740991');
});

test('the beginning of the prompt stays the same from trial to trial', async () => {
  const first = await ask([propose()]);
  const later = await ask([propose({ basedOn: 'default' })], {
    history: aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, { ...DEFAULTS, hidden: 9 }, 0.4)),
  });
  const [one, two] = [first, later].map(({ requests }) => requests[0]);
  expect(two?.messages[0]).toEqual(one?.messages[0]);
  expect(two?.tools).toEqual(one?.tools);
  const prefix = lastOf(one).split(',\n[2,')[0] ?? ''; // the task and the first trial’s line
  expect(prefix).toContain('"lines": [\n[1,0.5,');
  expect(lastOf(two).startsWith(prefix)).toBe(true);
});

const REJECTIONS: [string, Record<string, unknown>, ...string[]][] = [
  [
    'outside its range',
    { hyperparameters: { ...DEFAULTS, learning_rate: 2 } },
    'learning_rate = 2 is outside [0.0001, 1] (inclusive)',
  ],
  [
    'with an unknown name',
    { hyperparameters: { ...DEFAULTS, learningrate: 0.1 } },
    'learningrate is not a hyperparameter of this task (did you mean "learning_rate"?)',
    'reasons.learning_rate must be left out: its value does not differ from trial 1',
  ],
  [
    'incomplete',
    { hyperparameters: { learning_rate: 0.02, optimizer: 'sgd', momentum: 0.9 } },
    'hidden is missing: it takes a number in [8, 128] (inclusive)',
  ],
  [
    'with several faults, of values and of reasons',
    { hyperparameters: { ...DEFAULTS, hidden: 500, learning_rate: 2, optimizer: 'rmsprop' } },
    'learning_rate = 2 is outside [0.0001, 1] (inclusive)',
    'hidden = 500 is outside [8, 128] (inclusive)',
    'optimizer = "rmsprop" is not one of "sgd", "adam"',
    'momentum has no effect unless optimizer is "sgd": leave it out',
    'reasons.hidden is missing: trial 1 has 32, this proposal 500',
    'reasons.optimizer is missing: trial 1 has "sgd", this proposal "rmsprop"',
  ],
  [
    'of the wrong shape, and outside its range',
    {
      basedOn: 'best',
      hyperparameters: { ...DEFAULTS, learning_rate: 2 },
      reasons: 'Faster.',
      expects: { outcome: 'great' },
      intent: undefined,
    },
    'basedOn = "best" must be a trial’s number (1, 2, …) or "default"',
    'reasons = "Faster." must be an object: hyperparameter name to reason',
    'expects.outcome = "great" must be "better", "similar" or "worse"',
    'intent is missing: it must be "explore" or "exploit"',
    'learning_rate = 2 is outside [0.0001, 1] (inclusive)',
  ],
  [
    'whose values stand in the wrong place',
    { hyperparameters: undefined, learning_rate: 0.02 },
    'learning_rate = 0.02 stands outside of "hyperparameters": it belongs inside',
    'hyperparameters is missing: it must be an object: one value per active hyperparameter',
  ],
  [
    'with an inactive value',
    { hyperparameters: { ...DEFAULTS, optimizer: 'adam' }, reasons: { optimizer: 'Adapts its steps.' } },
    'momentum has no effect unless optimizer is "sgd": leave it out',
  ],
  [
    'against a constraint',
    { hyperparameters: { ...DEFAULTS, hidden: 128, learning_rate: 0.9 } },
    'the constraint "hidden < 128 or learning_rate < 0.5" does not hold for hidden = 128, learning_rate = 0.9',
    'reasons.hidden is missing: trial 1 has 32, this proposal 128',
  ],
  ['already tried', { hyperparameters: DEFAULTS }, 'this configuration was already tried: it is trial 1 (complete)'],
  [
    'tried and failed',
    { hyperparameters: { ...DEFAULTS, hidden: 120 } },
    'this configuration was already tried: it is trial 2 (failed)',
  ],
  [
    'a hair from a tried one',
    { hyperparameters: { ...DEFAULTS, learning_rate: 0.1000000001 } },
    'this configuration was already tried: it is trial 1 (complete)',
  ],
  [
    'without a reason for a change',
    { reasons: {} },
    'reasons.learning_rate is missing: trial 1 has 0.1, this proposal 0.02',
  ],
  [
    'with a reason for no change',
    { reasons: { ...GOOD.reasons, hidden: 'kept' } },
    'reasons.hidden must be left out: its value does not differ from trial 1',
  ],
  ['based on no trial', { basedOn: 9 }, 'basedOn = 9 is not a trial; there are 2, or use "default"'],
];

test.each(REJECTIONS)('a proposal %s is sent back with every violation at once', async (_, changes, ...violations) => {
  const { proposals, rejected, requests } = await ask([propose(changes), propose()]);
  expect(JSON.parse(lastOf(requests[1]))).toEqual({ kind: 'rejected', violations });
  expect(rejected).toMatchObject([{ event: 'proposal-rejected', trial: 3, origin: 'creator', violations }]);
  expect(proposals).toMatchObject([{ origin: 'creator', hyperparameters: GOOD.hyperparameters }]);
});

test('a number copied from the memory’s rounding needs no reason', async () => {
  const exact = { ...DEFAULTS, learning_rate: 0.0123456789 };
  const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, exact, 0.4));
  const hyperparameters = { ...DEFAULTS, learning_rate: 0.01234568, hidden: 64 };
  const { proposals } = await ask([propose({ basedOn: 2, hyperparameters, reasons: { hidden: 'More room.' } })], {
    history,
  });
  expect(proposals[0]).toMatchObject({ origin: 'creator', hyperparameters });
});

test('after three rejections a sampler’s point is used, under its own origin and marked', async () => {
  const { proposals, rejected, requests } = await ask([tried, tried, tried]);
  expect(rejected).toHaveLength(3);
  expect(requests).toHaveLength(3);
  expect(proposals).toMatchObject([{ origin: 'random', fallback: true }]);
});

const NONSENSE: [string, FakeReply, number][] = [
  ['prose', text('How about a learning rate of 0.02?'), 3],
  ['nothing', text(''), 3],
  ['broken JSON', { kind: 'raw-arguments', name: 'ProposeTrial', arguments: '{"basedOn": 1,' }, 3],
  ['a tool that does not exist', { kind: 'tool-call', name: 'RunTraining', args: {} }, 3],
  ['arguments of the wrong shape', { kind: 'tool-call', name: 'ProposeTrial', args: { learning_rate: 0.1 } }, 3],
  ['endless reading', { kind: 'tool-call', name: 'LoadExperimentLogs', args: {} }, 7],
];

test.each(NONSENSE)(
  'a model that answers %s ends in a marked fallback after bounded requests',
  async (_, reply, requests) => {
    const result = await ask(() => reply);
    expect(result.proposals).toMatchObject([{ origin: 'random', fallback: true }]);
    expect(result.requests).toHaveLength(requests);
  },
);

test('a model that mends its ways after prose is heard', async () => {
  const { proposals, requests } = await ask([text('Let me think.'), propose()]);
  expect(proposals).toMatchObject([{ origin: 'creator' }]);
  expect(lastOf(requests[1])).toContain('ProposeTrial');
});

test('a second proposal in the same turn does not replace the accepted one', async () => {
  const other = { ...GOOD, hyperparameters: { ...DEFAULTS, learning_rate: 0.5 } };
  const calls = [GOOD, other].map((args) => ({ name: 'ProposeTrial', args }));
  const { proposals } = await ask([{ kind: 'tool-calls', calls }]);
  expect(proposals).toMatchObject([{ hyperparameters: GOOD.hyperparameters }]);
});

test('a refused key stops the proposal with what to set', async () => {
  await expect(ask([{ kind: 'status', status: 401 }])).rejects.toMatchObject({
    code: 'model-unusable',
    hint: expect.stringContaining('OPENAI_API_KEY'),
  });
});

test('a log that cannot take a rejection stops the study', async () => {
  await using server = await startFakeOpenAi([tried]);
  const full = new Error('no space left on device');
  const creator = createCreator({
    task: aTask(),
    access: await anAccess(server),
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 1 }),
    record: () => {
      throw full;
    },
  });
  await expect(creator.propose(aStudy(), [], 1, NEVER)).rejects.toBe(full);
});

test('a model that knows only what tools return finds its base there', async () => {
  const handler: FakeHandler = (request, index) => {
    if (index === 0) return { kind: 'tool-call', name: 'LoadExperimentLogs', args: { from: 1, limit: 50 } };
    const { rows } = JSON.parse(lastOf(request));
    const best = rows.find((row: { value: number | null }) => row.value !== null);
    return propose({ basedOn: best.trial, hyperparameters: { ...best.hyperparameters, learning_rate: 0.02 } });
  };
  const { proposals, requests } = await ask(handler);
  expect(proposals).toMatchObject([{ basedOn: 1, hyperparameters: GOOD.hyperparameters }]);
  expect(requests).toHaveLength(2);
});

test('several proposals at once are numbered on and differ from each other', async () => {
  const again = propose();
  const other = propose({ hyperparameters: { ...DEFAULTS, learning_rate: 0.03 } });
  const { proposals, rejected } = await ask([propose(), again, other], { count: 2 });
  expect(proposals.map(({ hyperparameters }) => hyperparameters['learning_rate'])).toEqual([0.02, 0.03]);
  expect(rejected).toMatchObject([
    { trial: 4, violations: ['this configuration is already about to be tried, or the user turned it down'] },
  ]);
});

test.each([
  ['a value of ten thousand letters', { ...DEFAULTS, optimizer: 'x'.repeat(10_000) }],
  ['a name of ten thousand letters', { ...DEFAULTS, ['x'.repeat(10_000)]: 1 }],
  ['a thousand unknown names', Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`name_${index}`, 1]))],
])('%s is complained of in few words, to the model and in the log', async (_, hyperparameters) => {
  const { rejected, requests } = await ask([propose({ hyperparameters, reasons: {} }), propose()]);
  const [{ violations } = { violations: [] }] = rejected;
  expect(violations.length).toBeLessThan(40);
  expect(Math.max(...violations.map(({ length }) => length))).toBeLessThan(500);
  expect(requests[1]?.messages.at(-1)?.content).toBe(JSON.stringify({ kind: 'rejected', violations }));
});

test('a finite space that is used up yields no proposal and asks nobody', async () => {
  const spec: SearchSpaceSpec = { hyperparameters: { flag: { type: 'boolean', default: false } } };
  const history = aHistory(started(spec), ...aTrial(1, { flag: false }, 1), ...aTrial(2, { flag: true }, 2));
  const { proposals } = await ask([], { history, spec });
  expect(proposals).toEqual([]);
});

test('a finite space whose last configurations the user turned down is used up too', async () => {
  const spec: SearchSpaceSpec = { hyperparameters: { flag: { type: 'boolean', default: false } } };
  const turnedDown: EventOf<'proposal-rejected'> = {
    event: 'proposal-rejected',
    trial: 2,
    origin: 'creator',
    hyperparameters: { flag: true },
    violations: ['not this one'],
    by: 'user',
  };
  const history = aHistory(started(spec), ...aTrial(1, { flag: false }, 1), turnedDown);
  const { proposals } = await ask([], { history, spec });
  expect(proposals).toEqual([]);
});

test('the embedded model proposes under its own name, with reasons, and without cost', async () => {
  const { proposals, access, rejected } = await ask('offline');
  expect(proposals).toMatchObject([{ origin: 'offline', rationale: expect.stringContaining('Computed') }]);
  expect(rejected).toEqual([]);
  expect(access.used.every(({ costUsd, promptTokens }) => costUsd === 0 && promptTokens === 0)).toBe(true);
});

test('the embedded model proposes the same again from the same history', async () => {
  const [one, two] = [await ask('offline'), await ask('offline')];
  expect(one.proposals).toEqual(two.proposals);
});

test('the embedded model reads a log of many pages', async () => {
  const trials = Array.from({ length: 120 }, (_, index) =>
    aTrial(index + 1, { ...DEFAULTS, learning_rate: 0.1 - index * 5e-4 }, 1 - index / 1000),
  );
  const { proposals, access } = await ask('offline', { history: aHistory(started(), ...trials.flat()) });
  expect(proposals).toMatchObject([{ origin: 'offline' }]);
  const read = access.transcribed.filter(({ tool }) => tool === 'LoadExperimentLogs');
  expect(read.map((entry) => JSON.parse(entry.text).rows.length)).toEqual([50, 50, 20]);
});
