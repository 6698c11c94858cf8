import { short } from './short-values.ts';
import type { CurveDigest } from './trial.ts';

/** By less than this share a last value is as good as the best one. */
const WORSE_BY = 0.02;
/** Standard deviations of the curve’s jitter that a worse end must exceed. */
const WORSE_SURE = 4;

/** What may hold of how a curve ended: the words of every table, prompt and tool. */
export type CurveNote =
  | 'far worse than it began'
  | 'overfitting'
  | 'still improving'
  | 'too short to judge'
  | 'ended worse than its best'
  | 'levelled off'
  | 'large gap';

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
