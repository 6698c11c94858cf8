import { expect, test } from 'vitest';
import { compressMemory } from '../../study/memory.ts';
import { loadExperimentLogs } from '../../tools/load-experiment-logs.ts';
import { ToolInputError } from '../../tools/tool-input-error.ts';
import { aHistory, aTrial, DEFAULTS, started } from '../agents/maker.ts';

const precise = { ...DEFAULTS, learning_rate: 0.012345678901234 };
const trials = Array.from({ length: 60 }, (_, index) =>
  aTrial(index + 1, { ...precise, hidden: 8 + index }, 1 / (index + 3)),
);
const history = aHistory(started(), ...trials.flat(), ...aTrial(61, DEFAULTS));

test('without arguments it answers the memory', () => {
  expect(loadExperimentLogs({}, { history })).toEqual(compressMemory(history));
});

test('rows are exact and come in bounded pages', () => {
  const first = loadExperimentLogs({ from: 1 }, { history });
  expect(first).toMatchObject({ total: 61, next: 51, rows: { length: 50 } });
  const second = loadExperimentLogs({ from: 51, limit: 50 }, { history });
  expect(second).toMatchObject({ total: 61, next: null, rows: { length: 11 } });
  expect('rows' in second && second.rows?.[0]).toEqual({
    trial: 51,
    state: 'complete',
    origin: 'creator',
    value: 1 / 53,
    code: 'current',
    hyperparameters: { ...precise, hidden: 58 },
  });
  expect('rows' in second && second.rows?.at(-1)).toMatchObject({
    trial: 61,
    state: 'failed',
    value: null,
    cause: 'out-of-memory',
  });
});

test('a page behind the end is empty', () => {
  expect(loadExperimentLogs({ from: 500 }, { history })).toEqual({ total: 61, next: null, rows: [] });
});

test('trials in full carry their proposal, metrics and failure', () => {
  expect(loadExperimentLogs({ trials: [61] }, { history })).toMatchObject({
    trials: [{ trial: 61, failure: { cause: 'out-of-memory', tail: 'MemoryError' }, metrics: {} }],
  });
});

test('a trial that does not exist is an error the model can mend', () => {
  expect(() => loadExperimentLogs({ trials: [99] }, { history })).toThrow(ToolInputError);
  expect(() => loadExperimentLogs({ trials: [99] }, { history })).toThrow(
    'There is no trial 99; there are trials 1 to 61.',
  );
});
