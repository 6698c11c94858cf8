import { describe, expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventOf } from '../../study/events.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';
import { studyStarted } from '../study/maker.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, started } from './maker.ts';

const signal = new AbortController().signal;

/** Names that say nothing: general knowledge has no say. */
const NAMELESS: SearchSpaceSpec = {
  hyperparameters: {
    p1: { type: 'float', range: [0, 1], default: 0.5 },
    p2: { type: 'float', range: [0, 1], default: 0.5 },
  },
};
const nameless = () =>
  aHistory(
    started(NAMELESS),
    ...aTrial(1, { p1: 0.5, p2: 0.5 }, 0.5),
    ...aTrial(2, { p1: 0.2, p2: 0.6 }, 0.3),
    ...aTrial(3, { p1: 0.1, p2: 0.2 }, 0.4),
  );

/** Three trials whose learning rates are unusually large, and the better the smaller. */
const known = () =>
  aHistory(
    started(),
    ...aTrial(1, { ...DEFAULTS, learning_rate: 0.9 }, 0.52),
    ...aTrial(2, { ...DEFAULTS, learning_rate: 0.7 }, 0.51),
    ...aTrial(3, { ...DEFAULTS, learning_rate: 0.5 }, 0.5),
  );

/** Without a share there is no optimiser beside it. */
async function ask(history: ReturnType<typeof aHistory>, overruleShare: number | undefined) {
  const access = await anAccess('offline');
  const rejected: EventOf<'proposal-rejected'>[] = [];
  const creator = createCreator({
    task: aTask(history.space.toSpec()),
    access,
    ...(overruleShare !== undefined && { hybrid: { seed: 7, overruleShare } }),
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 7 }),
    record: (event) => {
      rejected.push(event);
    },
  });
  const [proposal] = await creator.propose(history, [], 1, signal);
  const tools = access.transcribed.flatMap(({ tool }) => tool ?? []);
  return { proposal, rejected, tools };
}

test('an earlier study is learned from without an optimiser too: its best is not far, where nothing else is known', async () => {
  const history = aHistory(
    studyStarted({
      space: NAMELESS,
      warmStart: {
        study: 'quiet-heron',
        trials: [0, 0.2, 0.4, 0.6, 0.8, 1].map((p1, index) => ({
          trial: index + 1,
          hyperparameters: { p1, p2: 0.5 },
          value: 0.1 + (p1 - 0.2) ** 2,
        })),
        leftOut: 0,
      },
    }),
    ...aTrial(1, { p1: 0.9, p2: 0.5 }, 0.59),
  );
  const { proposal } = await ask(history, undefined);
  expect(proposal?.hyperparameters['p1']).toBeGreaterThan(0.05);
  expect(proposal?.hyperparameters['p1']).toBeLessThan(0.35);
  expect(proposal).toMatchObject({ origin: 'offline', basedOn: 1 });
});

describe('the embedded model in hybrid owns no optimiser beside the one it is given', () => {
  test('where names tell nothing it adopts the optimiser’s own choice', async () => {
    const { proposal, tools } = await ask(nameless(), 1);
    expect(proposal).toMatchObject({
      origin: 'offline',
      advice: { taken: 'adopted', candidate: { number: 1 } },
      rationale: expect.stringMatching(/^Computed: candidate 1 as it is; predicted /),
    });
    expect(tools).not.toContain('PredictOutcome');
  });

  test('what is usual is put before the optimiser, and preferred while the share allows it', async () => {
    const { proposal, rejected, tools } = await ask(known(), 1);
    expect(tools).toContain('PredictOutcome');
    expect(proposal?.advice?.taken).not.toBe('adopted');
    expect(Object.keys(proposal?.reasons ?? {}).length).toBeGreaterThan(0);
    expect(rejected).toEqual([]);
  });

  test('once the share is used up it adopts, and asks nothing in vain', async () => {
    const { proposal, rejected, tools } = await ask(known(), 0);
    expect(proposal?.advice?.taken).toBe('adopted');
    expect(tools).not.toContain('PredictOutcome');
    expect(rejected).toEqual([]);
  });

  test('the same study is answered in the same way', async () => {
    expect((await ask(known(), 1)).proposal).toEqual((await ask(known(), 1)).proposal);
  });
});
