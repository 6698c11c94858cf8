import { incumbentBefore, isValued } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { finishedInOrder } from '../study/memory.ts';
import { standing } from '../study/objective.ts';
import type { Expectation, Trial } from '../study/trial.ts';
import { isFinal } from '../study/trial.ts';
import { similarWithin, variationOf } from '../study/variation.ts';
import { type Noise, standardErrorOf } from './noise.ts';
import { median } from './statistics.ts';

/** A trial’s expectation beside what happened. */
export interface ExpectationCheck {
  readonly expected: Expectation;
  /** Compared with the incumbent when it was proposed; undefined when there was none or the trial has no value. */
  readonly actual?: Expectation['outcome'];
  /** `open`: not finished, or nothing to compare with. A trial that ended without a value is never `yes`. */
  readonly cameTrue: 'yes' | 'no' | 'open';
}

export interface ExpectationRecord {
  readonly judged: number;
  readonly cameTrue: number;
  /** Of the trials expected to be better: how many were. */
  readonly better: { readonly expected: number; readonly were: number };
  /** Median distance between expected and actual value, and over how many trials. */
  readonly valueError?: { readonly median: number; readonly trials: number };
}

export function checkExpectation(history: History, trial: Trial, noise: Noise): ExpectationCheck | undefined {
  const { expects: expected } = trial.proposal;
  if (expected === undefined) return undefined;
  if (!isFinal(trial.state)) return { expected, cameTrue: 'open' };
  if (!isValued(trial)) return { expected, cameTrue: 'no' };
  const before = incumbentBefore(history, trial);
  if (before === undefined) return { expected, cameTrue: 'open' };
  const { direction } = history.objective;
  const actual = standing(trial.value, before.value, direction, toleranceAt(history, noise, before.value));
  return { expected, actual, cameTrue: actual === expected.outcome ? 'yes' : 'no' };
}

/** One standard error of a difference; while the noise is unknown, as far as the prompts call two values similar. */
function toleranceAt(history: History, noise: Noise, value: number): number {
  const error = standardErrorOf(noise, value);
  return error === undefined
    ? similarWithin(variationOf(history, finishedInOrder(history)), value)
    : Math.SQRT2 * error;
}

export function expectationRecord(
  trials: readonly { readonly trial: Trial; readonly expectation?: ExpectationCheck }[],
): ExpectationRecord {
  const judged = trials.filter(({ expectation }) => expectation !== undefined && expectation.cameTrue !== 'open');
  const hoped = judged.filter(({ expectation }) => expectation?.expected.outcome === 'better');
  const errors = trials.flatMap(({ trial, expectation }) =>
    trial.value === undefined || expectation?.expected.value === undefined || !isValued(trial)
      ? []
      : [Math.abs(trial.value - expectation.expected.value)],
  );
  return {
    judged: judged.length,
    cameTrue: judged.filter(({ expectation }) => expectation?.cameTrue === 'yes').length,
    better: {
      expected: hoped.length,
      were: hoped.filter(({ expectation }) => expectation?.actual === 'better').length,
    },
    ...(errors.length > 0 && { valueError: { median: median(errors), trials: errors.length } }),
  };
}
