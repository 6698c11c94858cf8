import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pacedLines } from '../../runners/paced-lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aListener() {
  const said: string[] = [];
  return { said, lines: pacedLines((line) => said.push(line), 1_000) };
}

test('what is over within the first interval is not worth a word', () => {
  const { said, lines } = aListener();
  lines.hear('already there');
  vi.advanceTimersByTime(999);
  lines.stop();
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([]);
});

test('later the newest lines are said once an interval, and the last ones at the end', () => {
  const { said, lines } = aListener();
  for (const line of ['from example.org', '1 %', '2 %', '3 %']) lines.hear(line);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual(['1 %', '2 %', '3 %']);
  vi.advanceTimersByTime(3_000);
  lines.hear('done');
  lines.stop();
  expect(said).toEqual(['1 %', '2 %', '3 %', 'done']);
});
