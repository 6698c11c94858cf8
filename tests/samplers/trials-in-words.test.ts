import { expect, test } from 'vitest';
import type { Observation } from '../../samplers/sampler.ts';
import { trialsInWords } from '../../samplers/trials-in-words.ts';

const valued: Observation = { hyperparameters: { x: 1 }, loss: 0.5 };
const failed: Observation = { hyperparameters: { x: 2 }, loss: null };
const earlier: Observation = { ...valued, isEarlier: true };

test.each([
  [[], 'no finished trial'],
  [[valued], '1 finished trial with a value'],
  [[failed], '1 finished trial without a value'],
  [[valued, valued], '2 finished trials with a value'],
  [[valued, failed], '2 finished trials, 1 with a value'],
  [[earlier, earlier, valued], '1 finished trial with a value, and 2 of an earlier study'],
])('what was looked at, %#, is said in words: %s', (observations, words) => {
  expect(trialsInWords(observations)).toBe(words);
});
