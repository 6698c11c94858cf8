import { expect, test } from 'vitest';
import type { EventBody } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import { brokenObjectiveConstraints } from '../../study/objective.ts';
import { aCompleteTrial, attemptEnded, attemptStarted, studyStarted, trialCompleted, trialProposed } from './maker.ts';

function historyOf(...bodies: EventBody[]): History {
  const history = new History();
  bodies.forEach((body, index) => {
    const at = new Date(Date.parse('2026-11-21T09:00:00Z') + index * 1000).toISOString();
    history.apply({ v: 1, seq: index + 1, at, ...body });
  });
  return history;
}

test('the incumbent is the best complete trial, ties going to the earlier', () => {
  const history = historyOf(
    studyStarted(),
    ...aCompleteTrial(1, 0.5, 0.3),
    ...aCompleteTrial(2, 0.4, 0.1),
    ...aCompleteTrial(3, 0.3, 0.1),
  );
  expect(history.incumbent?.number).toBe(2);
});

test('a trial that breaks a constraint of the objective is complete but never the incumbent', () => {
  const [proposed, started, ended, finished] = aCompleteTrial(1, 0.5, 0.1);
  const slow = { ...finished, brokenConstraints: ['wall_seconds <= 1'] } as EventBody;
  const history = historyOf(studyStarted(), proposed as EventBody, started as EventBody, ended as EventBody, slow);
  expect(history.complete).toHaveLength(1);
  expect(history.incumbent).toBeUndefined();
});

test('a constraint on a metric that nobody recorded counts as broken', () => {
  const objective = {
    metric: 'loss',
    direction: 'minimize',
    at: 'last',
    constraints: ['memory <= 3', 'loss < 1'],
  } as const;
  expect(brokenObjectiveConstraints(objective, { loss: 0.5 })).toEqual(['memory <= 3']);
});

test('a finished trial never changes', () => {
  const bodies = [studyStarted(), ...aCompleteTrial(1, 0.5, 0.3)];
  expect(() => historyOf(...bodies, trialCompleted(1, 0.2))).toThrow(/cannot go from complete to complete/);
  expect(() => historyOf(...bodies, attemptStarted(1, 2))).toThrow(/cannot go from complete to running/);
});

test('trials are numbered without gaps', () => {
  expect(() => historyOf(studyStarted(), trialProposed(2, 0.1))).toThrow(/trial 2 was proposed where trial 1 is next/);
});

test('an interrupted attempt leaves the trial unfinished, under the same number, ready for the next attempt', () => {
  const begun = [studyStarted(), trialProposed(1, 0.5), attemptStarted(1), attemptEnded(1, 1, 'interrupted')];
  expect(historyOf(...begun).unfinished.map((trial) => trial.state)).toEqual(['interrupted']);
  const again = historyOf(...begun, attemptStarted(1, 2), attemptEnded(1, 2), trialCompleted(1, 0.3));
  expect(again.trial(1)).toMatchObject({ state: 'complete', value: 0.3 });
  expect(again.trial(1)?.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'interrupted'],
    [2, 'exited'],
  ]);
});

test('values are never compared across code versions', () => {
  const resumed: EventBody = { event: 'study-resumed', codeHash: 'code-2', budget: {} };
  const history = historyOf(
    studyStarted(),
    ...aCompleteTrial(1, 0.5, 0.1),
    resumed,
    trialProposed(2, 0.5),
    attemptStarted(2, 1, 'code-2'),
    attemptEnded(2),
    trialCompleted(2, 0.4),
  );
  expect(history.incumbent?.number).toBe(2);
  expect(history.current.map((trial) => trial.number)).toEqual([2]);
});

test('the time between a kill and the resume is not active time', () => {
  const history = historyOf(studyStarted(), ...aCompleteTrial(1, 0.5, 0.1), {
    event: 'study-resumed',
    codeHash: 'code-1',
    budget: {},
  });
  expect(history.activeSeconds).toBe(4); // five events a second apart, then a gap of one that does not count
});

test('usage adds up by role, and one unknown price makes the cost unknown', () => {
  const call = (costUsd: number | null): EventBody => ({
    event: 'model-called',
    role: 'creator',
    model: 'm',
    promptTokens: 10,
    completionTokens: 5,
    costUsd,
    seconds: 1,
  });
  expect(historyOf(studyStarted(), call(0.1), call(0.2)).usage().costUsd).toBeCloseTo(0.3);
  const mixed = historyOf(studyStarted(), call(0.1), call(null));
  expect(mixed.usage('creator')).toEqual({
    requests: 2,
    failedRequests: 0,
    promptTokens: 20,
    cachedTokens: 0,
    reasoningTokens: 0,
    estimatedUsd: 0,
    spentUsd: 0.1,
    completionTokens: 10,
    estimatedTokens: 0,
    costUsd: null,
    seconds: 2,
  });
  expect(mixed.usage('executor').requests).toBe(0);
});

test('a request without a reply counts as one, with what is estimated for it; usage is told by model too', () => {
  const call = { event: 'model-called', role: 'creator', seconds: 1 } as const;
  const uncounted = { promptTokens: null, completionTokens: null, costUsd: null };
  const history = historyOf(
    studyStarted(),
    { ...call, model: 'first', ...uncounted, estimatedTokens: 900, estimatedUsd: 0.25, failure: 'no answer in time' },
    { ...call, model: 'second', promptTokens: 10, completionTokens: 5, costUsd: 0.5 },
  );
  expect(history.usage()).toMatchObject({ requests: 2, failedRequests: 1, estimatedTokens: 900 });
  expect(history.usage()).toMatchObject({ costUsd: 0.75, estimatedUsd: 0.25, spentUsd: 0.75 });
  expect(history.usageByModel.map(({ role, model, usage }) => [role, model, usage.costUsd])).toEqual([
    ['creator', 'first', 0.25],
    ['creator', 'second', 0.5],
  ]);
});
