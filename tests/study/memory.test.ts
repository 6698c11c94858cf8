import { expect, test } from 'vitest';
import type { EventBody } from '../../study/events.ts';
import { compressMemory, MEMORY_CHARACTERS } from '../../study/memory.ts';
import { aHistory, aTrial, DEFAULTS, SPEC, started } from '../agents/maker.ts';
import { studyStarted, trialProposed } from './maker.ts';

/** A study of so many trials (or its beginning) whose loss falls with the trial’s number; every seventh fails. */
function aStudy(trials: number, finished = trials) {
  const events = Array.from({ length: finished }, (_, index) => {
    const values = { ...DEFAULTS, learning_rate: 10 ** (-4 + (4 * index) / trials), hidden: 8 + (index % 120) };
    return aTrial(index + 1, values, index % 7 === 6 ? undefined : 1 - index / (2 * trials));
  });
  return aHistory(started(), ...events.flat());
}

test('a study without trials has an empty memory', () => {
  expect(compressMemory(aHistory(started()))).toMatchObject({
    counts: { trials: 0 },
    incumbent: null,
    default: null,
    leftOut: null,
    lines: [],
  });
});

test('values have four digits in the lines, hyperparameters enough to tell two configurations apart', () => {
  const values = { ...DEFAULTS, learning_rate: 0.012345678 };
  const memory = compressMemory(aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, values, 0.123456789)));
  expect(memory.incumbent).toEqual({
    trial: 2,
    value: 0.123457,
    hyperparameters: { ...values, learning_rate: 0.01234568 },
  });
  expect(memory.columns).toEqual([
    'trial',
    'value',
    'learning_rate',
    'hidden',
    'optimizer',
    'momentum',
    'outcome',
    'note',
  ]);
  expect(memory.lines).toEqual([
    [1, 0.5, 0.1, 32, 'sgd', 0.9, '', ''],
    [2, 0.1235, 0.01234568, 32, 'sgd', 0.9, '', ''],
  ]);
});

test('lines are only ever added at the end, but for rare leaps that leave the oldest out', () => {
  const all = Array.from({ length: 120 }, (_, index) => compressMemory(aStudy(120, index)));
  const leaps = all.slice(1).filter((memory, index) => {
    const before = all[index];
    if (before === undefined || memory.leftOut?.trials !== before.leftOut?.trials) return true;
    expect(memory.lines.slice(0, before.lines.length)).toEqual(before.lines);
    expect(memory.leftOut).toEqual(before.leftOut);
    return false;
  });
  expect(leaps.length).toBeGreaterThan(0);
  expect(leaps.length).toBeLessThan(8);
});

test('of the trials left out, the best keep their lines and the regions count all', () => {
  const { leftOut, lines, incumbent } = compressMemory(aStudy(120));
  const regions = leftOut?.regions['learning_rate'] ?? [];
  expect(regions.reduce((sum, [, valued, without]) => sum + valued + without, 0)).toBe(Number(leftOut?.trials) - 1);
  const [count, best] = [Number(leftOut?.trials), leftOut?.best.map(([trial]) => Number(trial)) ?? []];
  const better = Array.from({ length: count }, (_, index) => index + 1).filter((trial) => trial % 7 !== 0); // every seventh fails
  expect(best).toEqual(better.slice(-3));
  expect(lines.at(-1)?.[0]).toBe(120);
  expect(incumbent?.trial).toBe(120);
});

test('its size is bounded whatever the number of trials', () => {
  const sizes = [10, 100, 1000].map((trials) => JSON.stringify(compressMemory(aStudy(trials))).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MEMORY_CHARACTERS);
  expect(sizes[2]).toBeLessThan(1.5 * Number(sizes[1]));
});

test('its size is bounded for many hyperparameters with long names and texts', () => {
  const names = Array.from({ length: 60 }, (_, index) => `a_rather_long_hyperparameter_name_${index}`);
  const spec = {
    hyperparameters: Object.fromEntries(
      names.map((name) => [name, { type: 'float', range: [0, 1], default: 0.5 } as const]),
    ),
  };
  const trials = Array.from({ length: 50 }, (_, index) =>
    aTrial(index + 1, Object.fromEntries(names.map((name) => [name, index / 50])), 1 - index / 100),
  );
  const memory = compressMemory(aHistory(started(spec), ...trials.flat()));
  expect(JSON.stringify(memory).length).toBeLessThanOrEqual(MEMORY_CHARACTERS);
  expect(memory.incumbent?.trial).toBe(50);
});

test('a failure’s line names its cause and what was said', () => {
  const { lines, counts } = compressMemory(aStudy(10));
  expect(counts).toEqual({ trials: 10, complete: 9, failed: 1 });
  expect(lines[6]?.slice(0, 2)).toEqual([7, null]);
  expect(lines[6]?.slice(-2)).toEqual(['failed: out-of-memory', 'killed at 512 MiB']);
});

test('a line keeps a model’s first sentence; those of code say nothing new', () => {
  const told = (summaryBy: 'model' | 'code') => {
    const summary = 'Slower than the 0.5 of trial 2, e.g. at the start. Try more.';
    const bodies = aTrial(1, DEFAULTS, 0.5).map((body) =>
      body.event === 'trial-finished' ? { ...body, summary, summaryBy } : body,
    );
    return compressMemory(aHistory(started(), ...bodies)).lines[0]?.at(-1);
  };
  expect(told('model')).toBe('Slower than the 0.5 of trial 2, e.g. at the start.');
  expect(told('code')).toBe('');
});

test('what never varied, what only varied with others and what was hardly active are told apart', () => {
  const adam = { learning_rate: 0.1, hidden: 32, optimizer: 'adam' };
  const wider = { ...adam, hidden: 64, learning_rate: 0.2 };
  const memory = compressMemory(
    aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, adam, 0.4), ...aTrial(3, wider, 0.3)),
  );
  expect(memory).toMatchObject({
    neverVaried: [],
    neverAlone: ['learning_rate', 'hidden'],
    seldomActive: ['momentum'],
  });
  expect(memory.alone).toEqual({ optimizer: 'sgd: 0.5 (trial 1), adam: 0.4 (trial 2)' });
});

test('trials that differ in one hyperparameter alone stand side by side, those around the best first', () => {
  const rates = [0.001, 0.01, 0.03, 0.1, 0.3, 0.9];
  const trials = rates.map((learning_rate, index) =>
    aTrial(index + 1, { ...DEFAULTS, learning_rate }, learning_rate > 0.5 ? undefined : Math.abs(learning_rate - 0.3)),
  );
  const elsewhere = [7, 8].map((n) => aTrial(n, { ...DEFAULTS, hidden: 99, learning_rate: 0.01 * n }, 5));
  const { alone, neverVaried } = compressMemory(aHistory(started(), ...trials.flat(), ...elsewhere.flat()));
  expect(alone).toEqual({
    learning_rate:
      '0.03: 0.27 (trial 3), 0.1: 0.2 (trial 4), 0.3: 0 (trial 5), 0.9: failed (trial 6); 0.07: 5 (trial 7), 0.08: 5 (trial 8)',
  });
  expect(neverVaried).toEqual(['optimizer', 'momentum']);
});

test('regions count values and failures of what was chosen, named by the values tried; the default is not among them', () => {
  const low = [1, 2, 3, 4, 5, 6].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.0002 * n }, n / 10));
  const high = [7, 8, 9, 10, 11, 12].map((n) =>
    aTrial(n, { ...DEFAULTS, learning_rate: 0.05 * n }, n === 12 ? undefined : n / 10),
  );
  const { regions, movedWith } = compressMemory(aHistory(started(), ...low.flat(), ...high.flat()));
  expect(regions).toEqual({
    learning_rate: [
      ['0.35 to 0.6', 5, 1, 0.7, 0.9],
      ['0.0004 to 0.0012', 5, 0, 0.2, 0.4],
    ],
  });
  expect(movedWith).toEqual({});
});

test('with fewer than ten chosen values regions say nothing', () => {
  const trials = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) =>
    aTrial(n, { ...DEFAULTS, learning_rate: 0.0002 * n ** 3 }, n),
  );
  expect(compressMemory(aHistory(started(), ...trials.flat())).regions).toEqual({});
});

test('regions that moved together are named: their effects cannot be told apart', () => {
  const trials = Array.from({ length: 13 }, (_, index) => {
    const isHigh = index % 2 === 0;
    const values = { learning_rate: isHigh ? 0.5 : 0.001, hidden: isHigh ? 100 : 10, momentum: (index % 3) / 3 };
    return aTrial(index + 1, { ...DEFAULTS, ...values }, index);
  });
  const { movedWith } = compressMemory(aHistory(started(), ...trials.flat()));
  expect(movedWith).toEqual({ learning_rate: ['hidden'], hidden: ['learning_rate'] });
});

test('what separates the failed trials is said; of one left out of the lines, its message', () => {
  const failing = [10, 11, 12].map((n) => aTrial(n, { ...DEFAULTS, hidden: 100 + n }));
  const good = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => aTrial(n, { ...DEFAULTS, hidden: 8 + n }, 1));
  expect(compressMemory(aHistory(started(), ...good.flat(), ...failing.flat())).failures).toEqual([
    'out-of-memory (trials 10, 11, 12): all have hidden ≥ 110, as none of the 9 complete ones',
  ]);
  const early = aTrial(1, { ...DEFAULTS, hidden: 50 });
  const later = Array.from({ length: 160 }, (_, index) =>
    aTrial(index + 2, { ...DEFAULTS, learning_rate: 0.01 + index / 1000 }, 1),
  );
  expect(compressMemory(aHistory(started(), ...early, ...later.flat())).failures).toEqual([
    'out-of-memory (trial 1): killed at 512 MiB',
  ]);
  expect(compressMemory(aHistory(started(), ...early)).failures).toEqual([]);
});

test('how far values lie apart where next to nothing changed is told of three pairs or more', () => {
  const near = [1, 2, 3].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.1 + n / 1000 }, 0.5 + n / 100));
  expect(compressMemory(aHistory(started(), ...near.flat())).variation).toEqual({
    deviation: 0.01,
    from: 'near-neighbours',
  });
  expect(compressMemory(aHistory(started(), ...near.slice(0, 2).flat())).variation).toBeUndefined();
});

test('an expectation comes back with what it was compared with and what came of it', () => {
  const [proposed, ...rest] = aTrial(2, { ...DEFAULTS, learning_rate: 0.3 }, 0.7);
  const expecting = {
    ...proposed,
    proposal: {
      origin: 'creator',
      hyperparameters: { ...DEFAULTS, learning_rate: 0.3 },
      expects: { outcome: 'better', value: 0.2 },
    },
  } as EventBody;
  const { lessons } = compressMemory(aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), expecting, ...rest));
  expect(lessons).toEqual(['trial 2: expected better than trial 1 (0.5), at 0.2; came to 0.7, worse']);
});

test('of many expectations the record is kept in one sentence, and the latest', () => {
  const values = [0.5, 0.4, 0.9, 0.39];
  const trials = values.flatMap((value, index) => {
    const [proposed, ...rest] = aTrial(index + 1, { ...DEFAULTS, learning_rate: 0.1 / (index + 1) }, value);
    if (index === 0 || proposed?.event !== 'trial-proposed') return [proposed, ...rest];
    return [{ ...proposed, proposal: { ...proposed.proposal, expects: { outcome: 'better', value: 0.35 } } }, ...rest];
  }) as EventBody[];
  expect(compressMemory(aHistory(started(), ...trials)).lessons).toEqual([
    'of 3 forecasts 3 said better, and 2 came so; the foretold value was too good in 3 of 3',
    'trial 4: expected better than trial 2 (0.4), at 0.35; came to 0.39, better',
  ]);
});

test('reasons of refused proposals are remembered once', () => {
  const refused: EventBody = {
    event: 'proposal-rejected',
    trial: 2,
    origin: 'creator',
    hyperparameters: {},
    violations: ['hidden is missing'],
  };
  expect(compressMemory(aHistory(started(), refused, refused)).lessons).toEqual(['refused: hidden is missing']);
});

test('trials of an earlier code version are counted and otherwise forgotten', () => {
  const changed: EventBody = { event: 'study-resumed', codeHash: 'code-2', budget: { trials: 10 } };
  const memory = compressMemory(aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), changed));
  expect(memory).toMatchObject({ incumbent: null, default: null, lines: [] });
  expect(memory.counts).toMatchObject({ 'of earlier code versions (not comparable)': 1 });
});

test('a trial that breaks an objective constraint is marked and never the incumbent', () => {
  const objective = { metric: 'loss', direction: 'minimize', at: 'last', constraints: ['wall_seconds <= 60'] } as const;
  const event = studyStarted({ space: SPEC, objective: { ...objective, constraints: [...objective.constraints] } });
  const bodies = aTrial(1, DEFAULTS, 0.5).map((body) =>
    body.event === 'trial-finished' ? { ...body, brokenConstraints: ['wall_seconds <= 60'] } : body,
  );
  const memory = compressMemory(aHistory(event, ...bodies));
  expect(memory.incumbent).toBeNull();
  expect(memory.lines[0]?.at(-2)).toContain('breaks wall_seconds <= 60');
});

test('what is under way is listed, so that nobody proposes it again', () => {
  expect(compressMemory(aHistory(studyStarted(), trialProposed(1, 0.5))).underWay).toEqual([
    { trial: 1, hyperparameters: { x: 0.5 } },
  ]);
});
