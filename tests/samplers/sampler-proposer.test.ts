import { describe, expect, test } from 'vitest';
import { randomSampler } from '../../samplers/random.ts';
import { SAMPLERS } from '../../samplers/registry.ts';
import type { Sampler, SamplerRequest } from '../../samplers/sampler.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventBody } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import {
  aCompleteTrial,
  attemptEnded,
  attemptStarted,
  studyStarted,
  trialCompleted,
  trialProposed,
} from '../study/maker.ts';

const signal = new AbortController().signal;

function historyOf(...events: EventBody[]): History {
  const history = new History();
  events.forEach((event, index) => {
    history.apply({ ...event, v: 1, seq: index + 1, at: new Date(index * 1000).toISOString() });
  });
  return history;
}

/** A sampler that keeps what it was asked. */
function recording(): Sampler & { readonly requests: SamplerRequest[] } {
  const requests: SamplerRequest[] = [];
  return {
    name: 'random',
    requests,
    suggest: (request) => {
      requests.push(request);
      return randomSampler.suggest(request);
    },
  };
}

describe('a sampler as a proposer', () => {
  test('is told the noise that fresh seeds measured, and none before', async () => {
    const confirmed = (seed: number, value: number) =>
      ({
        event: 'confirmation-trained',
        hyperparameters: { x: 0.5 },
        seed,
        codeHash: historyOf(studyStarted()).codeHash,
        value,
        wallSeconds: 1,
      }) as const;
    const events = [studyStarted(), ...aCompleteTrial(1, 0.5, 1)];
    const sampler = recording();
    const propose = (...more: EventBody[]) =>
      createSamplerProposer({ sampler, seed: 1 }).propose(historyOf(...events, ...more), [], 1, signal);
    await propose(confirmed(8, 1));
    await propose(confirmed(8, 1), confirmed(9, 1.2));
    expect(sampler.requests[0]?.noise).toBeUndefined();
    expect(sampler.requests[1]?.noise).toBeCloseTo(Math.sqrt(0.02));
  });

  test('a proposal carries the sampler’s name and a computed rationale', async () => {
    const history = historyOf(studyStarted(), ...aCompleteTrial(1, 0.5, 1));
    const [proposal] = await createSamplerProposer({ sampler: randomSampler, seed: 1 }).propose(history, [], 1, signal);
    expect(proposal).toMatchObject({ origin: 'random', basedOn: 'default' });
    expect(proposal?.rationale).toBe(
      'Computed by the random sampler from 1 finished trial with a value: drawn at random, whatever came before.',
    );
  });

  /** Six trials of accuracies that peak at x = 0.5, and what a sampler says of the seventh. */
  async function seventhOf(sampler: Sampler) {
    const objective = { metric: 'accuracy', direction: 'maximize' as const, at: 'last' as const, constraints: [] };
    const xs = [0.1, 0.3, 0.45, 0.55, 0.8, 0.95];
    const trials = xs.flatMap((x, index) => aCompleteTrial(index + 1, x, 0.9 - (x - 0.5) ** 2));
    const history = historyOf(studyStarted({ objective }), ...trials);
    const [proposal] = await createSamplerProposer({ sampler, seed: 1 }).propose(history, [], 1, signal);
    return proposal;
  }

  test('TPE says how many draws it chose among and by which ratio; with too few values that it looks around evenly', async () => {
    const words = (await seventhOf(await SAMPLERS.tpe()))?.rationale ?? '';
    const [, draws, ratio] = /of (\d+) draws from around the best 2, .* density ratio, ([\d.e+-]+) /.exec(words) ?? [];
    expect(Number(draws)).toBeGreaterThan(1);
    expect(Number(ratio)).toBeGreaterThan(1); // the best of many draws is likelier among the good
    const early = historyOf(studyStarted(), ...aCompleteTrial(1, 0.5, 1));
    const [first] = await createSamplerProposer({ sampler: await SAMPLERS.tpe(), seed: 1 }).propose(
      early,
      [],
      1,
      signal,
    );
    expect(first?.rationale).toContain('a first look, evenly spread: it takes 3 trials with a value');
  });

  test('the Gaussian process says what it predicts, in the metric’s own unit and direction', async () => {
    const proposal = await seventhOf(await SAMPLERS.gp());
    const found = /over 6 values; predicted accuracy (\S+) \((\S+) … (\S+)\)\.$/.exec(proposal?.rationale ?? '');
    const [middle = 0, low = 0, high = 0] = (found ?? []).slice(1).map(Number);
    expect(low).toBeLessThanOrEqual(middle);
    expect(high).toBeGreaterThanOrEqual(middle);
    const truth = 0.9 - (Number(proposal?.hyperparameters['x']) - 0.5) ** 2;
    expect(Math.abs(middle - truth)).toBeLessThan(0.1);
  });

  test('what is proposed for a trial depends on the seed and its number, not on how many were asked for at once', async () => {
    const proposer = createSamplerProposer({ sampler: randomSampler, seed: 7 });
    const [first, second] = await proposer.propose(historyOf(studyStarted()), [], 2, signal);
    const afterOne = historyOf(studyStarted(), trialProposed(1, Number(first?.hyperparameters['x'])));
    const [alone] = await proposer.propose(afterOne, afterOne.unfinished, 1, signal);
    expect(alone?.hyperparameters).toEqual(second?.hyperparameters);
    const [other] = await createSamplerProposer({ sampler: randomSampler, seed: 8 }).propose(afterOne, [], 1, signal);
    expect(other?.hyperparameters).not.toEqual(alone?.hyperparameters);
  });

  test('a value to be maximised reaches the sampler as a loss, a failed or infeasible trial without one', async () => {
    const objective = { metric: 'accuracy', direction: 'maximize' as const, at: 'last' as const, constraints: [] };
    const history = historyOf(
      studyStarted({ objective }),
      ...aCompleteTrial(1, 0.5, 0.9),
      trialProposed(2, 0.6),
      attemptStarted(2),
      attemptEnded(2),
      { event: 'trial-finished', trial: 2, state: 'failed', metrics: {}, brokenConstraints: [] },
      trialProposed(3, 0.7),
      attemptStarted(3),
      attemptEnded(3),
      trialCompleted(3, 0.95, { brokenConstraints: ['wall_seconds < 1'] }),
    );
    const sampler = recording();
    await createSamplerProposer({ sampler, seed: 1 }).propose(history, [], 1, signal);
    expect(sampler.requests[0]?.observations.map(({ loss }) => loss)).toEqual([-0.9, null, null]);
  });

  test('values of another code version are left out, their configurations are not proposed again', async () => {
    const history = historyOf(studyStarted(), ...aCompleteTrial(1, 0.5, 1), {
      event: 'study-resumed',
      codeHash: 'code-2',
      budget: { trials: 5 },
    });
    const sampler = recording();
    await createSamplerProposer({ sampler, seed: 1 }).propose(history, [], 1, signal);
    expect(sampler.requests[0]?.observations).toEqual([]);
    expect(sampler.requests[0]?.excluded).toEqual([{ x: 0.5 }]);
  });

  test('a space that is used up gives fewer proposals, then none', async () => {
    const space = { hyperparameters: { x: { type: 'int', range: [1, 3], default: 1 } } };
    const history = historyOf(studyStarted({ space }), ...aCompleteTrial(1, 1, 1));
    for (const load of Object.values(SAMPLERS)) {
      const sampler = await load();
      const proposals = await createSamplerProposer({ sampler, seed: 1 }).propose(history, [], 5, signal);
      expect(proposals.map(({ hyperparameters }) => hyperparameters['x']).toSorted()).toEqual([2, 3]);
    }
  });

  test('an abort is heard', async () => {
    const proposer = createSamplerProposer({ sampler: randomSampler, seed: 1 });
    await expect(proposer.propose(historyOf(studyStarted()), [], 1, AbortSignal.abort())).rejects.toThrow();
  });
});
