import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createCreator } from '../../agents/creator.ts';
import { parsePromptBlocks } from '../../agents/prompt-block.ts';
import { gaussianProcessSampler } from '../../samplers/gaussian-process.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventBody, EventOf } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Advice, Proposal } from '../../study/trial.ts';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { attemptEnded, attemptStarted, studyStarted, trialCompleted } from '../study/maker.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, SPEC, started } from './maker.ts';

const signal = new AbortController().signal;

/** Three trials with a value: the optimiser has a model. */
const TRIED = [
  ...aTrial(1, DEFAULTS, 0.5),
  ...aTrial(2, { ...DEFAULTS, learning_rate: 0.01 }, 0.3),
  ...aTrial(3, { ...DEFAULTS, learning_rate: 0.001, hidden: 64 }, 0.4),
];
const aStudy = () => aHistory(started(), ...TRIED);
const WORDS = { expects: { outcome: 'better', value: 0.25 }, intent: 'exploit', rationale: 'It is likely.' };

/** A point that is nobody’s but the Creator’s. */
const OWN = { learning_rate: 0.5, hidden: 100, optimizer: 'adam' } as const;
const OWN_CALL = {
  basedOn: 'default',
  hyperparameters: OWN,
  reasons: { learning_rate: 'Bold.', hidden: 'Wide.', optimizer: 'Robust.' },
};

const call = (args: Record<string, unknown>): FakeReply => ({
  kind: 'tool-call',
  name: 'ProposeTrial',
  args: { ...WORDS, ...args },
});

type Script = readonly ((offered: Offered[]) => FakeReply)[];

interface Offered {
  readonly number: number;
  readonly hyperparameters: Hyperparameters;
  readonly predicted: number;
}

async function ask(script: Script, { history = aStudy(), overruleShare = 1, count = 1 } = {}) {
  let asked = 0;
  await using server = await startFakeOpenAi((request) => {
    const reply = script[asked++];
    if (reply === undefined) throw new Error('one request too many');
    return reply(offeredIn(request));
  });
  const rejected: EventOf<'proposal-rejected'>[] = [];
  const creator = createCreator({
    task: aTask(),
    access: await anAccess(server),
    hybrid: { seed: 7, overruleShare },
    fallback: createSamplerProposer({ sampler: gaussianProcessSampler, seed: 7 }),
    record: (event) => {
      rejected.push(event);
    },
  });
  const proposals = await creator.propose(history, history.unfinished, count, signal);
  return { proposals, rejected, requests: server.requests };
}

const promptOf = (request: FakeRequest | undefined) =>
  request?.messages.findLast(({ role }) => role === 'user')?.content ?? '';
const lastOf = (request: FakeRequest | undefined) => request?.messages.at(-1)?.content ?? '';

/** The candidates as any model reads them. */
function offeredIn(request: FakeRequest | undefined): Offered[] {
  const { columns = [], rows = [] } = (parsePromptBlocks(promptOf(request)).get('candidates') ?? {}) as {
    columns?: string[];
    rows?: (number | string | null)[][];
  };
  return rows.map((row) => {
    const at = (name: string) => row[columns.indexOf(name)] ?? null;
    const values = Object.keys(SPEC.hyperparameters).flatMap((name) => (at(name) === null ? [] : [[name, at(name)]]));
    return {
      number: Number(row[0]),
      hyperparameters: Object.fromEntries(values),
      predicted: Number(at('predicted')),
    };
  });
}

describe('hybrid: the model with the optimiser beside it', () => {
  test('the prompt holds candidates that are valid as they stand, in its volatile end', async () => {
    const { requests } = await ask([() => call({ candidate: 1 })]);
    const offered = offeredIn(requests[0]);
    expect(offered.length).toBeGreaterThanOrEqual(3);
    for (const { hyperparameters } of offered) expect(aTask().space.violations(hyperparameters)).toEqual([]);
    const prompt = promptOf(requests[0]);
    expect(prompt.indexOf('"block": "candidates"')).toBeGreaterThan(prompt.indexOf('"block": "log"'));
    expect(requests[0]?.tools.map(({ function: { name } }) => name)).toEqual([
      'LoadExperimentLogs',
      'SuggestCandidates',
      'PredictOutcome',
      'ProposeTrial',
    ]);
  });

  test('a candidate is adopted by its number alone', async () => {
    const { proposals, requests } = await ask([() => call({ candidate: 2 })]);
    const second = offeredIn(requests[0])[1];
    expect(proposals[0]).toMatchObject({
      origin: 'creator',
      hyperparameters: second?.hyperparameters,
      reasons: {},
      advice: { taken: 'adopted', candidate: { number: 2, hyperparameters: second?.hyperparameters } },
    });
    expect(proposals[0]?.advice?.predicted.value).toBeCloseTo(second?.predicted ?? 0, 3);
    expect(requests).toHaveLength(1);
  });

  test('a change in a candidate is adapted, with a reason for it alone', async () => {
    const { proposals, rejected, requests } = await ask([
      () => call({ candidate: 1, hyperparameters: { hidden: 99 } }),
      () => call({ candidate: 1, hyperparameters: { hidden: 99 }, reasons: { hidden: 'A little wider.' } }),
    ]);
    const [first] = offeredIn(requests[0]);
    expect(rejected[0]?.violations).toEqual([
      `reasons.hidden is missing: candidate 1 has ${first?.hyperparameters['hidden']}, this proposal 99`,
    ]);
    expect(proposals[0]).toMatchObject({
      hyperparameters: { ...first?.hyperparameters, hidden: 99 },
      reasons: { hidden: 'A little wider.' },
      advice: { taken: 'adapted', candidate: { number: 1 } },
    });
    expect(proposals[0]).not.toHaveProperty('basedOn');
  });

  test('a configuration of its own overrules, whatever the model calls it, and is predicted too', async () => {
    const { proposals } = await ask([() => call(OWN_CALL)]);
    expect(proposals[0]).toMatchObject({
      basedOn: 'default',
      advice: { taken: 'overruled', candidate: { number: 1 }, predicted: { value: expect.any(Number) } },
    });
    const disguised = await ask([
      () => call({ candidate: 1, hyperparameters: OWN, reasons: { ...OWN_CALL.reasons, momentum: 'Gone.' } }),
    ]);
    expect(disguised.proposals[0]?.advice?.taken).toBe('overruled');
  });

  test('values of its own are no adapted candidate, however near to one they come', async () => {
    const { proposals } = await ask([
      ([first]) => {
        const hyperparameters: Hyperparameters = { ...first?.hyperparameters, hidden: 99 };
        const changed = Object.keys(hyperparameters).filter(
          (name) => hyperparameters[name] !== Reflect.get(DEFAULTS, name),
        );
        return call({
          basedOn: 'default',
          hyperparameters,
          reasons: Object.fromEntries(changed.map((name) => [name, 'So.'])),
        });
      },
    ]);
    expect(proposals[0]).toMatchObject({ basedOn: 'default', advice: { taken: 'overruled' } });
  });

  test('the values of a candidate without its number are adopted just the same', async () => {
    const { proposals } = await ask([
      ([first]) => {
        const values = first?.hyperparameters ?? {};
        const changed = Object.keys(values).filter((name) => values[name] !== Reflect.get(DEFAULTS, name));
        return call({
          basedOn: 'default',
          hyperparameters: values,
          reasons: Object.fromEntries(changed.map((name) => [name, 'So.'])),
        });
      },
    ]);
    expect(proposals[0]?.advice?.taken).toBe('adopted');
  });

  test('a candidate that is not there is refused with those that are', async () => {
    const { rejected, requests } = await ask([() => call({ candidate: 9 }), () => call({ candidate: 1 })]);
    const { length } = offeredIn(requests[0]);
    expect(rejected[0]?.violations).toContain(`candidate = 9 is not there: there are 1 to ${length}`);
  });

  test('SuggestCandidates has more, under numbers that ProposeTrial takes; PredictOutcome judges what the model thinks of', async () => {
    const configurations = [OWN, { ...OWN, hidden: 1_000 }, { ...DEFAULTS, learning_rate: 0.01 }];
    const { proposals, requests } = await ask([
      () => ({ kind: 'tool-call', name: 'SuggestCandidates', args: {} }),
      () => ({ kind: 'tool-call', name: 'PredictOutcome', args: { configurations } }),
      () => call({ candidate: 8 }),
    ]);
    const more = JSON.parse(lastOf(requests[1]));
    const offered = offeredIn(requests[0]);
    expect(more.rows).toHaveLength(8);
    expect(more.rows.slice(0, offered.length).map((row: unknown[]) => row[1])).toEqual(
      offered.map(({ hyperparameters }) => hyperparameters['learning_rate']),
    );
    expect(JSON.parse(lastOf(requests[2]))).toEqual({
      kind: 'predictions',
      predictions: [
        {
          predicted: { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
          chance: expect.any(Number),
          nearest: { trial: expect.any(Number), distance: expect.any(Number) },
        },
        { problems: ['hidden = 1000 is outside [8, 128] (inclusive)'] },
        expect.objectContaining({
          nearest: { trial: 2, distance: 0 },
          problems: ['this configuration was already tried: it is trial 2 (complete)'],
        }),
      ],
    });
    expect(proposals[0]?.advice).toMatchObject({ taken: 'adopted', candidate: { number: 8 } });
  });

  test('the schema of PredictOutcome, as it is sent, lets every configuration through, and five at most', async () => {
    const { requests } = await ask([() => call({ candidate: 1 })]);
    const sent = requests[0]?.tools.find((tool) => tool.function.name === 'PredictOutcome')?.function.parameters;
    const accepts = (configurations: readonly unknown[]) =>
      z.fromJSONSchema(sent ?? false).safeParse({ configurations }).success;
    for (const each of [[OWN], [OWN, DEFAULTS]]) expect(accepts(each)).toBe(true);
    for (const each of [[], Array(6).fill(OWN), ['adam']]) expect(accepts(each)).toBe(false);
  });

  test('before two trials have a value, prompt and tools say so, and the Creator is free', async () => {
    const history = aHistory(started(), ...aTrial(1, DEFAULTS, 0.5));
    const { proposals, requests } = await ask(
      [
        () => ({ kind: 'tool-call', name: 'SuggestCandidates', args: {} }),
        () => ({ kind: 'tool-call', name: 'PredictOutcome', args: { configurations: [OWN] } }),
        () => call(OWN_CALL),
      ],
      { history, overruleShare: 0 },
    );
    expect(promptOf(requests[0])).toContain('The optimiser has no candidates yet: it takes 2 trials with a value.');
    for (const answer of [lastOf(requests[1]), lastOf(requests[2])])
      expect(JSON.parse(answer)).toMatchObject({ kind: 'no-model' });
    expect(proposals[0]).not.toHaveProperty('advice');
  });
});

describe('the share of proposals that may differ from the optimiser', () => {
  /** Trial 4, and as many after it as there are kinds, each with what it did with the advice. */
  const studyWith = (...kinds: Advice['taken'][]): History => {
    const predicted = { value: 0.3, low: 0.2, high: 0.4 };
    const later = kinds.flatMap((taken, index): EventBody[] => {
      const trial = 4 + index;
      const hyperparameters = { ...DEFAULTS, hidden: 40 + index };
      const advice: Advice = { taken, candidate: { number: 1, hyperparameters, predicted }, predicted };
      const proposal: Proposal = { origin: 'creator', hyperparameters, advice };
      return [
        { event: 'trial-proposed', trial, proposal: { ...proposal, code: undefined } },
        attemptStarted(trial),
        attemptEnded(trial),
        trialCompleted(trial, 0.35),
      ];
    });
    return aHistory(started(), ...TRIED, ...later);
  };

  test('past it a differing proposal is rejected with the numbers of the rule, and a candidate is taken', async () => {
    const history = studyWith('overruled', 'adapted'); // the next is trial 6: 30 % of 6 is 1
    const { proposals, rejected, requests } = await ask([() => call(OWN_CALL), () => call({ candidate: 1 })], {
      history,
      overruleShare: 0.3,
    });
    expect(promptOf(requests[0])).toContain(
      'This turn adopts one as it is, its number alone without values: of the first 6 trials at most 30 % may differ from the optimiser’s candidates, and 2 do.',
    );
    expect(rejected[0]?.violations).toEqual([
      expect.stringMatching(
        /^these are not the values of a candidate, and of the first 6 trials at most 30 % may differ from the optimiser’s candidates, and 2 do: call again with candidate 1 to \d alone$/,
      ),
    ]);
    expect(proposals[0]?.advice?.taken).toBe('adopted');
  });

  test('within it one may, and the prompt says how many', async () => {
    const history = studyWith('overruled', 'adopted', 'adopted'); // the next is trial 7: 30 % of 7 is 2
    const { proposals, requests } = await ask([() => call(OWN_CALL)], { history, overruleShare: 0.3 });
    expect(promptOf(requests[0])).toContain('You may adapt or overrule 1 more, this one included');
    expect(parsePromptBlocks(promptOf(requests[0])).get('candidates')).toMatchObject({
      mayDiffer: 1,
      beatTheIncumbent: { adopted: '0 of 2', overruled: '0 of 1' },
    });
    expect(proposals[0]?.advice?.taken).toBe('overruled');
  });

  test('whether one may is said at the end alone: system text and tools are the same in every turn', async () => {
    const requestWith = async (overruleShare: number) =>
      (await ask([() => call({ candidate: 1 })], { overruleShare })).requests[0];
    const [mayNot, may] = [await requestWith(0), await requestWith(1)];
    expect(mayNot?.tools).toEqual(may?.tools);
    const [system, prompt] = [mayNot?.messages[0]?.content, promptOf(mayNot)];
    expect(system).toBe(may?.messages[0]?.content);
    const beginning = prompt.slice(0, prompt.indexOf('The optimiser’s candidates:'));
    expect(beginning).not.toBe('');
    expect(promptOf(may).startsWith(beginning)).toBe(true);
    expect(prompt).toContain('This turn adopts one as it is');
    expect(promptOf(may)).toContain('You may adapt or overrule 4 more');
  });

  test('past it a proposal without a candidate is told those that there are, none of them a mere question', async () => {
    const { proposals, rejected, requests } = await ask([() => call({}), () => call({ candidate: 1 })], {
      overruleShare: 0,
    });
    const [request] = requests;
    expect(promptOf(request)).not.toContain('most uncertain');
    expect(rejected[0]?.violations).toEqual([
      `candidate is missing: it must be one of 1 to ${offeredIn(request).length}`,
    ]);
    expect(proposals[0]?.advice?.taken).toBe('adopted');
  });

  test('a model that only ever overrules ends with the sampler’s point, which is no advice', async () => {
    const { proposals, rejected } = await ask([() => call(OWN_CALL), () => call(OWN_CALL), () => call(OWN_CALL)], {
      overruleShare: 0,
    });
    expect(rejected).toHaveLength(3);
    expect(proposals[0]).toMatchObject({ origin: 'gp', fallback: true });
    expect(proposals[0]).not.toHaveProperty('advice');
  });

  test('proposals promised in one go count', async () => {
    const { proposals } = await ask(
      [
        () => call(OWN_CALL),
        () => call({ candidate: 1, hyperparameters: { hidden: 90 }, reasons: { hidden: 'Wide.' } }),
        () => call({ candidate: 1 }),
      ],
      { overruleShare: 0.3, count: 2 }, // of 4 trials 1; of 5 no more
    );
    expect(proposals.map(({ advice }) => advice?.taken)).toEqual(['overruled', 'adopted']);
  });
});

test('an earlier study is told beside the task, and the optimiser has learned from it at the first trial', async () => {
  const trials = [0.1, 0.01, 0.001].map((learning_rate, index) => ({
    trial: index + 1,
    hyperparameters: { ...DEFAULTS, learning_rate },
    value: [0.5, 0.3, 0.4][index] ?? 0,
  }));
  const history = aHistory(studyStarted({ space: SPEC, warmStart: { study: 'quiet-heron', trials, leftOut: 2 } }));
  const { proposals, requests } = await ask([() => call({ candidate: 1 })], { history });
  const prompt = promptOf(requests[0]);
  expect(prompt).toContain('An earlier study of the same task, quiet-heron');
  expect(parsePromptBlocks(prompt).get('earlier')).toMatchObject({
    trials: 3,
    lines: [
      [0.3, 0.01, 32, 'sgd', 0.9],
      [0.4, 0.001, 32, 'sgd', 0.9],
      [0.5, 0.1, 32, 'sgd', 0.9],
    ],
  });
  expect(prompt.indexOf('"block": "earlier"')).toBeLessThan(prompt.indexOf('"block": "log"'));
  expect(parsePromptBlocks(prompt).get('turn')).toMatchObject({ incumbent: null });
  expect(proposals[0]?.advice?.taken).toBe('adopted');
});
