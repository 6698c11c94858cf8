import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { expect, test } from 'vitest';
import { createLoadExperimentLogsTool, loadExperimentLogs } from '../../tools/load-experiment-logs.ts';
import { ToolInputError } from '../../tools/tool-input-error.ts';
import { aHistory, aTrial, DEFAULTS, started } from '../agents/maker.ts';

const precise = { ...DEFAULTS, learning_rate: 0.012345678901234 };
const trials = Array.from({ length: 60 }, (_, index) =>
  aTrial(index + 1, { ...precise, hidden: 8 + index }, 1 / (index + 3)),
);
const history = aHistory(started(), ...trials.flat(), ...aTrial(61, DEFAULTS));

test('without arguments it answers what the prompt may not show, in rounded numbers', () => {
  const answer = loadExperimentLogs({}, { history });
  expect(answer).toMatchObject({
    total: 61,
    columns: ['trial', 'value', 'learning_rate', 'hidden', 'optimizer', 'momentum', 'outcome', 'note'],
    best: [60, 59, 58, 57, 56].map((trial) => [
      trial,
      Number((1 / (trial + 2)).toPrecision(4)),
      0.01234568,
      7 + trial,
      'sgd',
      0.9,
      '',
      '',
    ]),
    regions: { hidden: expect.arrayContaining([['48 to 67', 20, 0, 0.01613, 0.01905]]) },
  });
  expect(JSON.stringify(answer)).not.toMatch(/\d\.\d{9}/);
});

test('without arguments and with few trials it says that regions take more', () => {
  const few = aHistory(started(), ...trials.slice(0, 3).flat());
  expect(loadExperimentLogs({}, { history: few })).toMatchObject({
    regions: expect.stringContaining('too few trials'),
  });
});

test('the schema shows plain types; a null counts as left out', () => {
  const tool = createLoadExperimentLogsTool({ history });
  expect(JSON.stringify(convertToOpenAITool(tool))).not.toContain('null');
  expect(tool.schema.parse({ from: null, limit: 2 })).toEqual({ from: null, limit: 2 });
  expect(loadExperimentLogs({ trials: null, from: null, limit: 2 }, { history })).toMatchObject({ next: 3 });
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
