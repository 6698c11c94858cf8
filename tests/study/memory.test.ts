import { expect, test } from 'vitest';
import type { EventBody } from '../../study/events.ts';
import { compressMemory, describeCurve, MEMORY_CHARACTERS } from '../../study/memory.ts';
import { aHistory, aTrial, DEFAULTS, SPEC, started } from '../agents/maker.ts';
import { studyStarted, trialProposed } from './maker.ts';

/** A study of so many trials whose loss falls with the trial’s number; every seventh fails. */
function aStudy(trials: number) {
  const events = Array.from({ length: trials }, (_, index) => {
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
    table: [],
  });
});

test('the incumbent is exact, the table rounded to four digits', () => {
  const values = { ...DEFAULTS, learning_rate: 0.012345678 };
  const memory = compressMemory(aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), ...aTrial(2, values, 0.123456789)));
  expect(memory.incumbent).toEqual({ trial: 2, value: 0.123456789, hyperparameters: values });
  expect(memory.columns).toEqual(['trial', 'value', 'learning_rate', 'hidden', 'optimizer', 'momentum', 'curve']);
  expect(memory.table).toEqual([
    [1, 0.5, 0.1, 32, 'sgd', 0.9, ''],
    [2, 0.1235, 0.01235, 32, 'sgd', 0.9, ''],
  ]);
});

test('best and latest trials stand in the table once each, oldest first', () => {
  const numbers = compressMemory(aStudy(40)).table.map(([trial]) => trial);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => Number(a) - Number(b)));
  expect(numbers).toContain(40);
});

test('its size is bounded whatever the number of trials', () => {
  const sizes = [10, 100, 1000].map((trials) => JSON.stringify(compressMemory(aStudy(trials))).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MEMORY_CHARACTERS);
  expect(sizes[2]).toBeLessThan(1.2 * Number(sizes[1]));
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

test('failures tell their cause and their values', () => {
  const { failures, counts } = compressMemory(aStudy(10));
  expect(counts).toEqual({ trials: 10, complete: 9, failed: 1 });
  expect(failures).toEqual([
    expect.stringMatching(/^trial 7: out-of-memory: killed at 512 MiB with .*"optimizer":"sgd"/),
  ]);
});

test('regions say what each part of a range reached, with counts', () => {
  const low = [1, 2, 3].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.0002 * n }, n / 10));
  const high = [4, 5, 6].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.1 * n }, n / 10));
  const { regions } = compressMemory(aHistory(started(), ...low.flat(), ...high.flat()));
  expect(regions['learning_rate']).toEqual([
    '0.0001 to 0.00215: 3 trials, best 0.1, median 0.2',
    '0.0464 to 1: 3 trials, best 0.4, median 0.5',
  ]);
  expect(regions['optimizer']).toBeUndefined();
});

test('the median of an even number of trials lies between the middle two: one bad run does not disappear', () => {
  const two = [1, 2].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.0002 * n }, n === 1 ? 1 : 0.1));
  const others = [3, 4].map((n) => aTrial(n, { ...DEFAULTS, learning_rate: 0.1 * n }, 0.5));
  const { regions } = compressMemory(aHistory(started(), ...two.flat(), ...others.flat()));
  expect(regions['learning_rate']?.[0]).toBe('0.0001 to 0.00215: 2 trials, best 0.1, median 0.55');
});

test('an expectation comes back beside what came of it', () => {
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
  expect(lessons).toEqual(['trial 2 was expected to be better (0.2), and is 0.7']);
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
  expect(memory).toMatchObject({ incumbent: null, default: null, table: [] });
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
  expect(memory.table[0]?.at(-1)).toContain('breaks wall_seconds <= 60');
});

test('what is under way is listed, so that nobody proposes it again', () => {
  expect(compressMemory(aHistory(studyStarted(), trialProposed(1, 0.5))).underWay).toEqual([
    { trial: 1, hyperparameters: { x: 0.5 } },
  ]);
});

test('a curve is told in a few words', () => {
  const curve = { points: 9, first: 1, last: 0.4, best: 0.3, bestStep: 6, lastStep: 9, diverged: false, sample: [] };
  expect(describeCurve({ ...curve, stillImproving: false, overfitting: true })).toBe('best at 6 of 9, overfitting');
  expect(describeCurve(undefined)).toBe('');
});
