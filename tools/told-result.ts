import { type CurveNote, curveNotes, notFiniteWords } from '../study/curve-words.ts';
import { short } from '../study/short-values.ts';
import type { CurveDigest, TrialResult } from '../study/trial.ts';
import { STEP_NAMES } from '../training/row-steps.ts';
import { boundedNames } from './bounded-names.ts';
import { cutMiddle } from './cut-text.ts';
import { shortNumber } from './short-json.ts';

/** Of a failure, whose traceback is told apart. */
const MESSAGE_CHARACTERS = 600;

/**
 * What a training came to, as an agent is told of it: each fact once. `value` is the objective’s; `alsoRecorded` holds
 * the other metrics, a bounded number of them; the curve’s `best` and `last` stand there only where they are not the value itself. Numbers have
 * six significant digits. `sampled` for a reader who does not see the training log: points of the curve in the place
 * of its first value.
 */
export function toldResult(
  { state, value, metrics, failure, curve }: Pick<TrialResult, 'state' | 'value' | 'metrics' | 'failure' | 'curve'>,
  metric: string,
  detail: 'shape' | 'sampled' = 'shape',
): Record<string, unknown> {
  const others = Object.keys(metrics).filter((name) => name !== metric && !STEP_NAMES.includes(name));
  const { names, leftOut } = boundedNames(others);
  return {
    state,
    value: shortNumber(value),
    failure: failure && { cause: failure.cause, message: cutMiddle(failure.message, MESSAGE_CHARACTERS) },
    alsoRecorded: Object.fromEntries(names.map((name) => [name, shortNumber(metrics[name])])),
    notShown: leftOut > 0 ? `${leftOut} more metrics` : undefined,
    curve: curve && curve.points > 1 ? toldCurve(curve, value, detail) : undefined,
  };
}

function toldCurve(
  curve: CurveDigest,
  value: number | undefined,
  detail: 'shape' | 'sampled',
): Record<string, unknown> {
  const { first, best, last, bestStep, lastStep, jitter, sample } = curve;
  return {
    ...(detail === 'shape' ? { first: shortNumber(first) } : { sample: sample.map(shortPoint) }),
    ...(best !== value && { best: shortNumber(best) }),
    bestStep,
    ...(last !== value && { last: shortNumber(last) }),
    lastStep,
    jitter: jitter && Number(jitter.toPrecision(2)),
    notes: toldNotes(curve),
  };
}

function shortPoint([step, value]: readonly [number, number]): [number, number] {
  return [step, short(value)];
}

/** What the words do not say by themselves: the Executor’s prompt has no glossary. */
const MEANINGS: Partial<Record<CurveNote, string>> = {
  overfitting: 'got worse for good while the training side improved',
  'large gap': 'the training side has less than half of this loss, or errors',
};

function toldNotes(curve: CurveDigest): string[] {
  const notes = curveNotes(curve).map((note) => (note in MEANINGS ? `${note}: ${MEANINGS[note]}` : note));
  return curve.notFiniteFrom === undefined
    ? notes
    : [`diverged: ${notFiniteWords(curve)}; last is the value before`, ...notes];
}
