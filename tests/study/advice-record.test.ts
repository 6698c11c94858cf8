import { describe, expect, test } from 'vitest';
import { adviceRecord } from '../../study/advice-record.ts';
import type { EventBody } from '../../study/events.ts';
import { overruleAllowance } from '../../study/overruling.ts';
import type { Advice } from '../../study/trial.ts';
import { aHistory } from '../agents/maker.ts';
import { aCompleteTrial, attemptEnded, attemptStarted, studyStarted, trialCompleted } from './maker.ts';

/** A trial that did this with the advice, predicted at `predicted`; without `value` it failed. */
function advised(trial: number, taken: Advice['taken'], predicted: number, value?: number): EventBody[] {
  const x = trial / 100;
  const prediction = { value: predicted, low: predicted - 0.1, high: predicted + 0.1 };
  const advice = {
    taken,
    candidate: { number: 1, hyperparameters: { x }, predicted: prediction },
    predicted: prediction,
  };
  const failure = { cause: 'crash', message: 'boom', tail: '' } as const;
  return [
    { event: 'trial-proposed', trial, proposal: { origin: 'creator', hyperparameters: { x }, advice } },
    attemptStarted(trial),
    attemptEnded(trial),
    value === undefined
      ? { event: 'trial-finished', trial, state: 'failed', metrics: {}, brokenConstraints: [], failure }
      : trialCompleted(trial, value),
  ];
}

describe('what became of the optimiser’s advice', () => {
  test('each way to take it has its own count, successes against the incumbent of that time, and means', () => {
    const history = aHistory(
      studyStarted(),
      ...aCompleteTrial(1, 0.5, 1),
      ...advised(2, 'adopted', 0.6, 0.8), // better than 1
      ...advised(3, 'adopted', 0.4, 0.9), // worse than 0.8
      ...advised(4, 'overruled', 0.9, 0.5), // better than 0.8
      ...advised(5, 'overruled', 0.2), // failed: no success, and in no mean
    );
    expect(adviceRecord(history)).toEqual([
      {
        taken: 'adopted',
        proposals: 2,
        judged: 2,
        improved: 1,
        means: { predicted: 0.5, measured: expect.closeTo(0.85, 10) },
      },
      { taken: 'adapted', proposals: 0, judged: 0, improved: 0 },
      { taken: 'overruled', proposals: 2, judged: 2, improved: 1, means: { predicted: 0.9, measured: 0.5 } },
    ]);
  });

  test('with nothing to beat, nothing is judged; a study without an optimiser has no record', () => {
    expect(adviceRecord(aHistory(studyStarted(), ...advised(1, 'adopted', 0.5, 0.5)))[0]).toMatchObject({
      proposals: 1,
      judged: 0,
      improved: 0,
    });
    expect(adviceRecord(aHistory(studyStarted(), ...aCompleteTrial(1, 0.5, 1)))).toEqual([]);
  });
});

test.each([
  [0, 30, 0],
  [0.1, 30, 1], // of 3, two are spent
  [0.3, 9, 0],
  [0.3, 10, 1], // 3 of 10 trials in the end
  [1, 5, 3],
])(
  'of a share of %d, at trial %d, %d more may differ; two do, and the default counts as a trial',
  (share, number, left) => {
    const { trials } = aHistory(
      studyStarted(),
      ...aCompleteTrial(1, 0.5, 1),
      ...advised(2, 'adapted', 1, 1),
      ...advised(3, 'overruled', 1, 1),
      ...Array.from({ length: number - 4 }, (_, index) => advised(4 + index, 'adopted', 1, 1)).flat(),
    );
    expect(overruleAllowance(trials, share)).toMatchObject({
      left,
      rule: expect.stringContaining(`of the first ${number} trials`),
    });
  },
);

test.each([
  [0.3, 4, true], // 1 of 4, and none of 3
  [0.3, 3, false],
  [1, 3, false],
  [0, undefined, false],
  [0.1, undefined, true],
])('whether a share of %d grows in a study of %s trials, at the third', (share, budget, grows) => {
  const { trials } = aHistory(studyStarted(), ...aCompleteTrial(1, 0.5, 1), ...advised(2, 'adopted', 1, 1));
  expect(overruleAllowance(trials, share, budget).grows).toBe(grows);
});
