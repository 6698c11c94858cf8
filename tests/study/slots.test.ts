import { expect, test } from 'vitest';
import { getsSeed, slotsIn, splitWords } from '../../study/slots.ts';

test('quotes and backslashes hold a word together as in a shell', () => {
  expect(splitWords(`--a 'x  y' "p \\"q\\" \\n" r\\ s ''  end\n`)).toEqual([
    '--a',
    'x  y',
    'p "q" \\n',
    'r s',
    '',
    'end',
  ]);
});

test('a slot is told with its place and, for a boolean, its two words', () => {
  expect(slotsIn('--a={lr}')).toEqual([{ name: 'lr', start: 4, end: 8 }]);
  expect(slotsIn('{x?--yes:--no}{y?z}')).toEqual([
    { name: 'x', whenTrue: '--yes', whenFalse: '--no', start: 0, end: 14 },
    { name: 'y', whenTrue: 'z', start: 14, end: 19 },
  ]);
});

test('other braces are no slots', () => {
  for (const word of ['{}', '{"a":1}', `\${lr}`, '{1}', '{a b}', '{x?}']) expect(slotsIn(word)).toEqual([]);
});

test('a hyperparameter may have a name in any script', () => {
  expect(slotsIn('--lr={学习率}').map(({ name }) => name)).toEqual(['学习率']);
});

test.each([
  ['by train.seed', { args: [], env: {}, seed: { kind: 'config', key: 'seed' } as const }, true],
  ['by {seed} in an argument', { args: ['--seed={seed}'], env: {} }, true],
  ['by {seed} in a variable', { args: [], env: { SEED: '{seed}' } }, true],
  ['nowhere', { args: ['--lr={lr}'], env: {} }, false],
])('a training gets its seed %s', (_, train, expected) => {
  expect(getsSeed(train)).toBe(expected);
});
