import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../cli/context.ts';
import { describeError } from '../../cli/error-output.ts';
import { studyOutcome } from '../../cli/study-outcome.ts';
import { AgentHpoError, ERROR_CODES } from '../../study/errors.ts';
import { eventBody } from '../../study/events.ts';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { History } from '../../study/history.ts';
import { loadTask } from '../../study/load-task.ts';
import { aFolder } from '../study/maker.ts';

const formats = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
const errors = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(formats)?.[1];
  if (found === undefined) throw new Error(`docs/formats.md has no ${language} block`);
  return found;
}

test('the task.yaml of the docs is a valid task, whole and in its profile', () => {
  const folder = join(aFolder(), 'small');
  mkdirSync(folder);
  const config = [
    'optimizer: sgd',
    'learning_rate: 0.01',
    'momentum: 0.9',
    'model:',
    '  layers: 2',
    'width: 32',
    'batch_norm: false',
    'dropout: 0.0',
    'subset: 5000',
    'seed: 0',
  ];
  writeFileSync(join(folder, 'task.yaml'), block('yaml'));
  writeFileSync(join(folder, 'config.yaml'), config.join('\n'));
  for (const file of ['train.py', 'prepare_data.py', 'requirements.txt']) writeFileSync(join(folder, file), '');
  expect(loadTask(folder).space.names).toHaveLength(7);
  expect(loadTask(folder, { profile: 'quick' }).space.names).toHaveLength(6);
});

test('the log lines of the docs are a log (frozen: version 1 must be readable for ever), one line of each kind at least', () => {
  const file = join(aFolder(), 'experiment-log.jsonl');
  writeFileSync(file, block('jsonl'));
  const { events, torn } = readExperimentLog(file);
  expect(torn).toBeUndefined();
  const kinds = eventBody.options.map((option) => option.shape.event.value);
  expect(new Set(events.map(({ event }) => event))).toEqual(new Set(kinds));
  const history = new History();
  for (const event of events) history.apply(event);
  expect(history.incumbent).toMatchObject({ number: 1, value: 0.42 });
  expect(history.trial(2)).toMatchObject({ state: 'failed', failure: { cause: 'crash' } });
});

test('the JSON outcome of the docs has exactly the keys that are printed', () => {
  const file = join(aFolder(), 'experiment-log.jsonl');
  writeFileSync(file, block('jsonl'));
  const history = new History();
  for (const event of readExperimentLog(file).events) history.apply(event);
  const printed = studyOutcome('/tmp/x', history, { status: 'complete', reason: 'trial-budget', message: '' });
  const documented: unknown = JSON.parse(block('json'));
  expect(shapeOf(documented)).toEqual(shapeOf(JSON.parse(JSON.stringify(printed))));
});

/** Keys, two levels deep; the names of hyperparameters are the task’s own. */
function shapeOf(value: unknown): string[] {
  const keys = (each: unknown) => (typeof each === 'object' && each !== null ? Object.keys(each) : []);
  return keys(value).flatMap((key) => [
    key,
    ...keys(Reflect.get(Object(value), key)).map((inner) => `${key}.${inner}`),
  ]);
}

test('every error code has its line in docs/errors.md, with what it means, and no other line', () => {
  const documented = [...errors.matchAll(/^\| `([a-z-]+)` \| (.*?) \|/gm)].map(([, code, meaning]) => [code, meaning]);
  const known = Object.entries(ERROR_CODES).map(([code, meaning]) => [code, meaning]);
  expect(documented).toEqual([...known, ['bug', 'Something in agenthpo itself went wrong.']]);
});

test('every exit code stands in docs/errors.md', () => {
  for (const code of Object.values(EXIT)) expect(errors).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});

test('an error is printed with its code and its hint, and as JSON', () => {
  const error = new AgentHpoError({ code: 'usage', message: 'No.', hint: 'Yes.' });
  expect(describeError(error)).toEqual({
    human: 'error [usage] No.\n→ Yes.',
    json: { error: { code: 'usage', message: 'No.', hint: 'Yes.' } },
  });
});
