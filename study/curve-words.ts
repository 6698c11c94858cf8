import { short } from './short-values.ts';
import type { CurveDigest } from './trial.ts';

/** By less than this share a last value is as good as the best one. */
const WORSE_BY = 0.02;
/** Standard deviations of the curve’s jitter that a worse end must exceed. */
const WORSE_SURE = 4;

/** What may hold of a curve, and what it means: the words of every table, prompt and tool. */
export const CURVE_NOTES = {
  'far worse than it began': 'its last value is several times as bad as its first',
  overfitting: 'got worse for good while the training side went on improving',
  'still improving': 'a trend to the end beyond the noise',
  'too short to judge': 'fewer than six rows: noise and trend look alike',
  'ended worse than its best': 'by more than its noise',
  'levelled off': 'no trend at the end beyond the noise',
  'large gap': 'it fits far better than it generalises: the training side has less than half of this loss, or errors',
} as const;

export type CurveNote = keyof typeof CURVE_NOTES;

/** `not finite from 12 on`; empty where the curve ended in a number. */
export function notFiniteWords({ notFiniteFrom }: CurveDigest): string {
  return notFiniteFrom === undefined ? '' : `not finite from ${notFiniteFrom} on`;
}

/** What holds of how a curve of numbers ended, one note, and of its gap to the training side. */
export function curveNotes(curve: CurveDigest): CurveNote[] {
  const end = curve.notFiniteFrom === undefined ? [endOf(curve)] : [];
  return curve.largeGap === true ? [...end, 'large gap'] : end;
}

function endOf({ best, last, jitter, diverged, stillImproving, overfitting }: CurveDigest): CurveNote {
  if (diverged) return 'far worse than it began';
  if (overfitting) return 'overfitting';
  if (stillImproving) return 'still improving';
  if (jitter === undefined) return 'too short to judge';
  const isWorse = Math.abs(last - best) > Math.max(WORSE_BY * Math.abs(best), WORSE_SURE * jitter);
  return isWorse ? 'ended worse than its best' : 'levelled off';
}

/** A curve in a few words, `best at 18 of 30, overfitting`; empty of a curve of one point. */
export function describeCurve(curve: CurveDigest | undefined): string {
  if (curve === undefined || curve.points < 2) return '';
  const end = [notFiniteWords(curve), ...curveNotes(curve)].filter((words) => words !== '');
  return [`best at ${curve.bestStep} of ${curve.lastStep}`, ...end].join(', ');
}

/** The same for a table whose trial has this `value`: with the best value where it is another, and the training side’s. */
export function curveInLine(curve: CurveDigest | undefined, value: number | undefined): string {
  const words = describeCurve(curve);
  if (curve === undefined || words === '') return words;
  const withBest = curve.best === value ? words : words.replace(/^best at/, `best ${short(curve.best)} at`);
  return curve.training === undefined ? withBest : `${withBest}, train ${short(curve.training)}`;
}
