import { expect, test } from 'vitest';
import { cutToLine, cutToSentence } from '../../study/text-cuts.ts';

test('a text becomes one line with an ellipsis where it was cut', () => {
  expect(cutToLine(' one\n two  three ', 8)).toBe('one two…');
  expect(cutToLine('short', 8)).toBe('short');
});

test('whole sentences are kept where the first one fits', () => {
  expect(cutToSentence('One. Two is 0.5 long. Three.', 22)).toBe('One. Two is 0.5 long.');
  expect(cutToSentence('A single long sentence.', 10)).toBe('A single …');
  expect(cutToSentence('All of it.', 10)).toBe('All of it.');
});
