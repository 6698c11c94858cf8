import { expect, test } from 'vitest';
import { assertFlagsFit } from '../../cli/assert-flags-fit.ts';
import type { Settings } from '../../configs/schema.ts';

const refused: readonly [Settings['strategy'], Record<string, string>, string][] = [
  ['creator', { overruleShare: '0.5' }, '--overrule-share 0.5 means nothing to the strategy creator, only to hybrid.'],
  ['hybrid', { llmTrials: '3' }, '--llm-trials 3 means nothing to the strategy hybrid, only to llm-then-gp.'],
  ['random', { warmStart: 'latest' }, '--warm-start latest means nothing to the strategy random, only to creator, '],
  ['quasi-random', { warmStart: 'latest' }, '--warm-start latest means nothing to the strategy quasi-random, '],
  ['grid', { warmStart: 'latest' }, '--warm-start latest means nothing to the strategy grid, '],
];

test.each(refused)('%s with %s is refused with the strategies that it is for', (strategy, flags, message) => {
  expect(() => assertFlagsFit(flags, strategy)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['hybrid', { overruleShare: '0.5', warmStart: 'latest' }],
  ['llm-then-gp', { llmTrials: '3', warmStart: 'latest' }],
  ['optuna:tpe', { warmStart: 'latest' }],
  ['random', { trials: '3' }],
] as const)('%s takes %s', (strategy, flags) => {
  expect(() => assertFlagsFit(flags, strategy)).not.toThrow();
});
