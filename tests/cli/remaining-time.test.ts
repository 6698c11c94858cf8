import { expect, test } from 'vitest';
import { remainingSeconds } from '../../cli/progress/remaining-time.ts';
import type { EventOf } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import { StudyEvents } from './study-events.ts';

/** A study of so many finished trials; one takes four seconds: an event a second. */
function study(finished: number, budget: EventOf<'study-started'>['budget']) {
  const events = new StudyEvents();
  const history = new History();
  history.apply(events.started({ budget }));
  for (let trial = 1; trial <= finished; trial += 1)
    for (const event of [events.proposed(trial), events.running(trial), ...events.ended(trial, trial)])
      history.apply(event);
  return { history, later: (seconds: number) => new Date(events.now.getTime() + 1_000 * seconds) };
}

test('the time left is the usual pace of the trials that are left, less what the next one has had', () => {
  const { history, later } = study(3, { trials: 10 });
  expect(remainingSeconds(history, later(0))).toBe(28);
  expect(remainingSeconds(history, later(1))).toBe(27);
});

test('a trial that takes longer than usual, or a long pause, does not eat up the time of those after it', () => {
  const { history, later } = study(3, { trials: 10 });
  expect(remainingSeconds(history, later(1_000))).toBe(24);
});

test('nothing is guessed before the first trial is finished, or without a number of trials', () => {
  for (const { history, later } of [study(0, { trials: 10 }), study(3, {})])
    expect(remainingSeconds(history, later(0))).toBeUndefined();
});

test('a time limit bounds the guess', () => {
  const { history, later } = study(3, { trials: 10, maxSeconds: 20 });
  expect(remainingSeconds(history, later(0))).toBe(8);
});
