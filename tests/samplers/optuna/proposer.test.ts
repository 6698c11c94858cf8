import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askOptuna } from '../../../runners/optuna/ask.ts';
import { createOptunaProposer } from '../../../samplers/optuna/proposer.ts';
import type { EventBody } from '../../../study/events.ts';
import { History } from '../../../study/history.ts';
import type { SearchSpaceSpec } from '../../../study/search-space.ts';
import { PythonWithOptuna } from '../../runners/optuna/stand-in.ts';
import { aCompleteTrial, aFolder, studyStarted } from '../../study/maker.ts';

const never = new AbortController().signal;

let python: PythonWithOptuna;
beforeAll(() => {
  python = new PythonWithOptuna(join(aFolder(), 'venv'));
});
beforeEach(() => python.behave('well'));

const X: SearchSpaceSpec = { hyperparameters: { x: { type: 'float', range: [0, 1], default: 0.5 } } };

function historyOf(events: readonly EventBody[], space: SearchSpaceSpec = X, direction?: 'maximize'): History {
  const history = new History();
  const objective = { metric: 'loss', direction: direction ?? 'minimize', at: 'last', constraints: [] } as const;
  [studyStarted({ space, objective: { ...objective, constraints: [] } }), ...events].forEach((event, index) => {
    history.apply({ ...event, v: 1, seq: index + 1, at: new Date(index * 1000).toISOString() });
  });
  return history;
}

function aProposer(seed = 1) {
  const ask = (question: Parameters<typeof askOptuna>[1], signal: AbortSignal) =>
    askOptuna({ interpreter: python.interpreter, environment: {} }, question, signal);
  return createOptunaProposer({ sampler: 'tpe', seed, ask });
}

async function proposeFor(history: History, seed = 1) {
  const [proposal] = await aProposer(seed).propose(history, [], 1, never);
  return proposal;
}

describe('one of Optuna’s samplers as a proposer', () => {
  test('proposes a valid configuration in its own name, and says what it rests on', async () => {
    const history = historyOf(aCompleteTrial(1, 0.5, 1));
    const proposal = await proposeFor(history);
    expect(proposal).toMatchObject({ origin: 'optuna:tpe', basedOn: 'default' });
    expect(proposal?.fallback).toBeUndefined();
    expect(history.space.violations(proposal?.hyperparameters ?? {})).toEqual([]);
    expect(proposal?.rationale).toBe(
      'Computed by TPESampler of Optuna 5.0.0, at random until 10 trials have a value, from 1 finished trial with a value.',
    );
  });

  test('is told losses: what is to be maximised, with its sign changed', async () => {
    await proposeFor(historyOf(aCompleteTrial(1, 0.5, 0.9), X, 'maximize'));
    expect(python.told().at(-1)?.trials).toEqual([{ params: { x: 0.5 }, state: 'COMPLETE', value: -0.9 }]);
  });

  test('proposes the same for the same history and seed, and another for the next trial', async () => {
    const one = historyOf(aCompleteTrial(1, 0.5, 1));
    const first = await proposeFor(one);
    expect(await proposeFor(one)).toEqual(first);
    expect((await proposeFor(one, 2))?.hyperparameters).not.toEqual(first?.hyperparameters);
    const two = historyOf([...aCompleteTrial(1, 0.5, 1), ...aCompleteTrial(2, 0.25, 2)]);
    expect((await proposeFor(two))?.hyperparameters).not.toEqual(first?.hyperparameters);
  });

  test('a point against a constraint is sent back for another one', async () => {
    // Three tenths of the space hold it: of six seeds some need several points.
    const space = { ...X, constraints: ['x > 0.45 and x < 0.75'] };
    const history = historyOf(aCompleteTrial(1, 0.5, 1), space);
    const proposals = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => proposeFor(history, seed)));
    const asked = proposals.filter((each) => each?.origin === 'optuna:tpe');
    expect(proposals.every((each) => each && history.space.violations(each.hyperparameters).length === 0)).toBe(true);
    expect(asked.some((each) => each?.rationale?.includes('could not be tried: the constraint'))).toBe(true);
  });

  test('after five points that were tried before one is drawn at random, marked', async () => {
    python.behave('repeats');
    const first = await proposeFor(historyOf([]));
    const x = Number(first?.hyperparameters['x']);
    const next = await proposeFor(historyOf(aCompleteTrial(1, x, 1)));
    expect(next).toMatchObject({ origin: 'random', fallback: true });
    expect(next?.rationale).toBe(
      'Drawn at random: 5 points of Optuna in turn could not be tried; the last one: it was tried before.',
    );
  });

  test('a space that is used up gives nothing', async () => {
    const space: SearchSpaceSpec = { hyperparameters: { x: { type: 'int', range: [1, 2], default: 1 } } };
    const history = historyOf([...aCompleteTrial(1, 1, 1), ...aCompleteTrial(2, 2, 1)], space);
    expect(await aProposer().propose(history, [], 1, never)).toEqual([]);
  });
});
