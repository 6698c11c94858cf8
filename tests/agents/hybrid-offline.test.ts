import { describe, expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventOf } from '../../study/events.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';
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

async function ask(history: ReturnType<typeof aHistory>, overruleShare: number) {
  const access = await anAccess('offline');
  const rejected: EventOf<'proposal-rejected'>[] = [];
  const creator = createCreator({
    task: aTask(history.space.toSpec()),
    access,
    hybrid: { seed: 7, overruleShare },
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 7 }),
    record: (event) => {
      rejected.push(event);
    },
  });
  const [proposal] = await creator.propose(history, [], 1, signal);
  const tools = access.transcribed.flatMap(({ tool }) => tool ?? []);
  return { proposal, rejected, tools };
}

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
