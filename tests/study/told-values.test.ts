import { expect, test } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { compressMemory } from '../../study/memory.ts';
import { proposerSeeing, ToldHistory, withToldValues } from '../../study/told-values.ts';
import type { Trial, TrialResult } from '../../study/trial.ts';
import { aCompleteTrial, studyStarted } from './maker.ts';

const NEVER = new AbortController().signal;

async function toldValue(trial: number, result: TrialResult, seed = 1): Promise<number | undefined> {
  const inner = { execute: async () => result, recover: async () => 'lost' as const };
  const executor = withToldValues(inner, { share: 0.1, seed });
  const told = await executor.execute({ number: trial } as Trial, NEVER);
  return told.toldValue;
}

test('a told value is the true one times U(1 − share, 1 + share), the same for the same seed and trial', async () => {
  const result: TrialResult = { state: 'complete', metrics: {}, value: 2 };
  const told = await Promise.all(Array.from({ length: 50 }, (_, index) => toldValue(index + 1, result)));
  expect(Math.min(...told.map(Number))).toBeGreaterThanOrEqual(1.8);
  expect(Math.max(...told.map(Number))).toBeLessThanOrEqual(2.2);
  expect(new Set(told).size).toBe(50);
  expect(await toldValue(7, result)).toBe(told[6]);
  expect(await toldValue(7, result, 2)).not.toBe(told[6]);
});

test('a trial without a value has none to tell', async () => {
  expect(await toldValue(1, { state: 'failed', metrics: {} })).toBeUndefined();
});

/** Trial 1 is truly better; trial 2 is told to be. */
function aNoisyStudy(): StudyEvent[] {
  const bodies = [studyStarted(), ...aCompleteTrial(1, 0.5, 1), ...aCompleteTrial(2, 0.4, 1.1)];
  return bodies.map((body, index) => {
    const told =
      body.event === 'trial-finished' ? { toldValue: body.trial === 1 ? 1.05 : 1.01, summary: 'loss 1' } : {};
    const at = new Date(index * 1000).toISOString();
    return { v: 1, seq: index + 1, at, ...body, ...told } as StudyEvent;
  });
}

test('who is told sees told values, another incumbent, and no metric or word that gives the true ones away', async () => {
  const { history } = new ToldHistory(aNoisyStudy());
  expect(history.trials.map(({ value, metrics, summary }) => [value, metrics, summary])).toEqual([
    [1.05, {}, undefined],
    [1.01, {}, undefined],
  ]);
  expect(history.incumbent?.number).toBe(2);
  expect(JSON.stringify(compressMemory(history))).not.toMatch(/1\.1\b/);
});

test('a true value of 0 is told as it is, and its curve stays a curve', () => {
  const told = aNoisyStudy().map((event) =>
    event.event === 'trial-finished' && event.trial === 1 ? { ...event, value: 0, toldValue: 0, curve: CURVE } : event,
  );
  const [trial] = new ToldHistory(told).history.trials;
  expect(trial).toMatchObject({ value: 0, curve: { first: 1, last: 0, best: 0, sample: CURVE.sample } });
});

const CURVE = {
  points: 2,
  first: 1,
  last: 0,
  best: 0,
  bestStep: 2,
  lastStep: 2,
  diverged: false,
  stillImproving: true,
  overfitting: false,
  sample: [
    [1, 1],
    [2, 0],
  ] as [number, number][],
};

test('a proposer that is told never meets the true history', async () => {
  const told = new ToldHistory(aNoisyStudy()).history;
  const seen: unknown[] = [];
  const inner = {
    propose: async (history: unknown) => {
      seen.push(history);
      return [];
    },
  };
  await proposerSeeing(told, inner).propose(new ToldHistory([]).history, [], 1, NEVER);
  expect(seen).toEqual([told]);
});
