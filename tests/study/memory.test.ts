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

test('a line keeps a model’s first words, whole sentences of them; those of code say nothing new', () => {
  const told = (summaryBy: 'model' | 'code') => {
    const summary = `Too slow at this rate. ${'More words. '.repeat(20)}`;
    const bodies = aTrial(1, DEFAULTS, 0.5).map((body) =>
      body.event === 'trial-finished' ? { ...body, summary, summaryBy } : body,
    );
    return compressMemory(aHistory(started(), ...bodies)).lines[0]?.at(-1);
  };
  expect(told('model')).toMatch(/^Too slow at this rate\. (More words\. )+More words\.$/);
  expect(String(told('model')).length).toBeLessThanOrEqual(200);
  expect(told('code')).toBe('');
});

test('what never varied is said with its value', () => {
  const { neverVaried } = compressMemory(
    aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, { ...DEFAULTS, hidden: 64 })),
  );
  expect(neverVaried).toEqual({ learning_rate: 0.1, optimizer: 'sgd', momentum: 0.9 });
});

test('regions count values and failures of what was chosen; the default is not among them', () => {
  const low = [1, 2, 3, 4].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.0002 * n }, n / 10));
  const high = [5, 6, 7].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.1 * n }, n === 7 ? undefined : n / 10));
  const { regions } = compressMemory(aHistory(started(), ...low.flat(), ...high.flat()));
  expect(regions['learning_rate']).toEqual([
    ['0.0001 to 0.00215', 3, 0, 0.2, 0.3],
    ['0.0464 to 1', 2, 1, 0.5, 0.55],
  ]);
  expect(regions['optimizer']).toBeUndefined();
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
