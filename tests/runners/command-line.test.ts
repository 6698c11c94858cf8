import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillArguments, fillVariables, toWord } from '../../runners/command-line.ts';
import { AgentHpoError } from '../../study/errors.ts';

test('a template is split into words before it is filled, so that a value never splits', () => {
  const words = fillArguments(['--lr {learning_rate} --note {note}'], { learning_rate: 0.1, note: 'a b; rm -rf "c"' });
  expect(words).toEqual(['--lr', '0.1', '--note', 'a b; rm -rf "c"']);
});

test('a value that looks like a slot is not filled again', () => {
  expect(fillArguments(['{a}'], { a: '{b}', b: 'secret' })).toEqual(['{b}']);
});

test('a quote that is never closed is an error that shows the line', () => {
  expect(() => fillArguments(["--a 'b"], {})).toThrow(/--a 'b/);
});

test('an inactive hyperparameter takes its flag along', () => {
  const values = { optimizer: 'adam', momentum: undefined };
  expect(fillArguments(['--opt {optimizer} --momentum {momentum} --verbose'], values)).toEqual([
    '--opt',
    'adam',
    '--verbose',
  ]);
  expect(fillArguments(['train', 'optimizer={optimizer}', 'momentum={momentum}'], values)).toEqual([
    'train',
    'optimizer=adam',
  ]);
  expect(fillArguments(['--momentum={momentum} data {momentum}'], values)).toEqual(['data']);
});

test('a boolean chooses between two words, or one and none', () => {
  const templates = ['--fast {nesterov?--nesterov:--no-nesterov} {amp?--amp} bn={bn?1:0}'];
  expect(fillArguments(templates, { nesterov: true, amp: false, bn: false })).toEqual(['--fast', '--nesterov', 'bn=0']);
  expect(fillArguments(templates, { nesterov: false, amp: true, bn: undefined })).toEqual([
    '--fast',
    '--no-nesterov',
    '--amp',
  ]);
});

test('variables are filled whole, and left out with what is inactive', () => {
  const templates = {
    LR: '{lr}',
    NAME: 'run of {optimizer}; {seed}',
    MOMENTUM: '{momentum}',
    AMP: '{amp?1:0}',
    N: '3',
  };
  expect(fillVariables(templates, { lr: -1e-7, optimizer: 'a b', seed: 1, momentum: undefined, amp: true })).toEqual({
    LR: '-0.0000001',
    NAME: 'run of a b; 1',
    AMP: '1',
    N: '3',
  });
  expect(() => fillVariables({ LR: '{rl}' }, { lr: 1 })).toThrow(/train\.env\.LR: .*did you mean "lr"/);
});

test('an unknown slot is an error that names the nearest known one', () => {
  const call = () => fillArguments(['--lr {learning_rat}'], { learning_rate: 0.1, seed: 1 });
  expect(call).toThrow(AgentHpoError);
  expect(call).toThrow(/\{learning_rat\}.*did you mean "learning_rate"/);
  expect(() => fillArguments(['{toString}'], {})).toThrow(AgentHpoError);
});

test('braces that are no slots stay as they are', () => {
  const words = ['{"a":1}', `\${now:%Y}`, `\${seed}`, '{}', '{1,2}'];
  expect(
    fillArguments(
      words.map((word) => `'${word}'`),
      { seed: 1 },
    ),
  ).toEqual(words);
});

test('negative numbers are written so that argparse does not take them for flags', () => {
  expect([-1e-7, -2.5e-10, -1.5e22, -3].map(toWord)).toEqual([
    '-0.0000001',
    '-0.00000000025',
    '-15000000000000000000000',
    '-3',
  ]);
});

test('Python reads every number exactly as it was meant', () => {
  // -0 is 0 to every script.
  const numbers = fc
    .sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 200, seed: 7 })
    .map((one) => one + 0);
  const words = fillArguments(
    numbers.map((_, index) => `--x={x${index}}`),
    Object.fromEntries(numbers.map((one, index) => [`x${index}`, one])),
  );
  const script =
    'import argparse,json\np=argparse.ArgumentParser()\np.add_argument("--x",type=float,action="append")\nprint(json.dumps(p.parse_args().x))';
  const read: unknown = JSON.parse(
    execFileSync('python3', ['-c', script, ...words.flatMap((word) => ['--x', word.slice(4)])], { encoding: 'utf8' }),
  );
  expect(read).toEqual(numbers);
});
