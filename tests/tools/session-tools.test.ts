import { expect, test } from 'vitest';
import { cutMiddle, cutStart } from '../../tools/cut-text.ts';
import { createExecutePythonFileTool, executePythonFile } from '../../tools/execute-python-file.ts';
import { createLoadTrainingLogsTool, loadTrainingLogs } from '../../tools/load-training-logs.ts';
import { createReadConfigsTool, readConfigs } from '../../tools/read-configs.ts';
import { createWriteConfigsTool, writeConfigs } from '../../tools/write-configs.ts';
import { aSession, type FakeSessionOptions } from '../agents/fake-session.ts';
import { aHistory, DEFAULTS, started } from '../agents/maker.ts';

const { signal } = new AbortController();
const run = { signal, metric: 'loss' };

function session(options: FakeSessionOptions = {}) {
  const proposal = { origin: 'default', hyperparameters: DEFAULTS } as const;
  const trial = aHistory(started(), { event: 'trial-proposed', trial: 1, proposal }).trial(1);
  if (trial === undefined) throw new Error('the trial was just proposed');
  return aSession(trial, options);
}

test('the tools carry the paper’s names', () => {
  const deps = { session: session(), ...run };
  const tools = [
    createReadConfigsTool,
    createWriteConfigsTool,
    createExecutePythonFileTool,
    createLoadTrainingLogsTool,
  ];
  expect(tools.map((create) => create(deps).name)).toEqual([
    'ReadConfigs',
    'WriteConfigs',
    'ExecutePythonFile',
    'LoadTrainingLogs',
  ]);
});

test('a config is shown whole when short and cut with a note when long', async () => {
  const short = await readConfigs({ session: session() });
  expect(short.text).toBe('learning_rate: 0.1\n');
  const long = { ...session(), readConfigs: async () => ({ file: 'c', text: 'x'.repeat(9_000) }) };
  expect((await readConfigs({ session: long })).text).toMatch(/^x+\n\[… 7000 characters left out …\]\nx+$/);
});

test('only the proposal’s values are written', async () => {
  const deps = { session: session() };
  expect(await writeConfigs({ hyperparameters: { ...DEFAULTS } }, deps)).toMatchObject({ kind: 'written' });
  expect(await writeConfigs({ hyperparameters: { ...DEFAULTS, hidden: 33 } }, deps)).toEqual({
    kind: 'rejected',
    differences: ['hidden must be 32'],
  });
});

test('running twice answers the same result twice', async () => {
  const one = session();
  const first = await executePythonFile({ session: one, ...run });
  const second = await executePythonFile({ session: one, ...run });
  expect(second).toEqual({ ...first, alreadyRun: true });
  expect(one.runs()).toBe(1);
});

test('of a failed training the model sees the end of the output, cut', async () => {
  const failure = { cause: 'crash', message: 'exit 1', tail: `${'y'.repeat(5_000)}ValueError` } as const;
  const answer = await executePythonFile({
    session: session({ result: { state: 'failed', metrics: {}, failure } }),
    ...run,
  });
  expect(answer).toMatchObject({ state: 'failed', failure: { cause: 'crash', message: 'exit 1' } });
  expect(answer.outputTail).toMatch(/characters left out …\]\ny+ValueError$/);
  expect(answer.outputTail?.length).toBeLessThan(1_400);
});

test('null means left out', async () => {
  const asked: object[] = [];
  const spy = {
    ...session(),
    loadTrainingLogs: async (options: object) => {
      asked.push(options);
      return { rows: [], note: '' };
    },
  };
  await loadTrainingLogs({ from: null }, { session: spy });
  await loadTrainingLogs({ from: 3 }, { session: spy });
  expect(asked).toEqual([{}, { from: 3 }]);
});

test('cuts say what is missing', () => {
  expect(cutMiddle('abcdefghij', 10)).toBe('abcdefghij');
  expect(cutMiddle('abcdefghijkl', 6)).toBe('ab\n[… 6 characters left out …]\nijkl');
  expect(cutStart('abcdefgh', 3)).toBe('[… 5 characters left out …]\nfgh');
});
