import { type Direction, isBetter, type Objective, toLoss } from '../study/objective.ts';
import type { CurveDigest } from '../study/trial.ts';
import { numbersAround, stepsOf } from './row-steps.ts';
import { trainingCounterpart } from './training-counterpart.ts';
import type { LogRow } from './training-log.ts';

const SAMPLE_SIZE = 10;

interface Point {
  readonly step: number;
  readonly value: number;
  readonly rowIndex: number;
}

/** The shape of the objective’s curve; undefined when no row carries a finite value of it. Its numbers are all finite. */
export function digestCurve(
  rows: readonly LogRow[],
  objective: Pick<Objective, 'metric' | 'direction'>,
): CurveDigest | undefined {
  const { metric, direction } = objective;
  const recorded = pointsOf(rows, metric);
  const points = recorded.filter(({ value }) => Number.isFinite(value));
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const bestIndex = points.reduce((best, { value }, index) => {
    return isBetter(value, points[best]?.value ?? value, direction) ? index : best;
  }, 0);
  const best = points[bestIndex] ?? first;
  const losses = points.map(({ value }) => toLoss(value, direction));
  const diverged = recorded.at(-1)?.value !== last.value || endedFarWorse(losses);
  const training = trainingValues(rows, metric, best, last);
  return {
    points: recorded.length,
    first: first.value,
    last: last.value,
    best: best.value,
    bestStep: best.step,
    lastStep: recorded.at(-1)?.step ?? last.step,
    diverged,
    stillImproving: !diverged && isStillImproving(losses, bestIndex),
    overfitting: !diverged && hasWorsenedSinceBest(losses, bestIndex) && wentOnImproving(training, direction),
    sample: sampleOf(points, bestIndex),
    ...(training !== undefined && { lastTraining: training.atLast }),
  };
}

function pointsOf(rows: readonly LogRow[], metric: string): Point[] {
  const carriers = [...rows.entries()].filter(([, row]) => row[metric] !== undefined);
  const steps = stepsOf(carriers.map(([, row]) => row));
  return carriers.map(([rowIndex, row], index) => {
    return { rowIndex, step: steps[index] ?? index + 1, value: row[metric] ?? Number.NaN };
  });
}

/** The last value is several times as bad as the first, and lost more than was ever gained. */
function endedFarWorse(losses: readonly number[]): boolean {
  const first = losses[0] ?? 0;
  const last = losses.at(-1) ?? 0;
  const worsening = last - first;
  const gained = first - losses.reduce((least, loss) => Math.min(least, loss), first);
  return worsening > 2 * Math.min(Math.abs(first), Math.abs(last)) && worsening > gained;
}

/** The best lies in the last tenth, and the last third has a trend that stands out from its own jitter. */
function isStillImproving(losses: readonly number[], bestIndex: number): boolean {
  const count = losses.length;
  if (count < 2 || bestIndex < count - Math.max(1, Math.ceil(count / 10))) return false;
  const tail = losses.slice(-Math.max(3, Math.ceil(count / 3)));
  const { change, jitter } = trendOf(tail);
  const gained = (losses[0] ?? 0) - (losses[bestIndex] ?? 0);
  return -change > 0.02 * gained && -change > jitter;
}

/** The later half of what came after the best is worse than the best by a tenth of the whole gain, and more than jitter. */
function hasWorsenedSinceBest(losses: readonly number[], bestIndex: number): boolean {
  const after = losses.slice(bestIndex + 1);
  if (after.length < 2) return false;
  const best = losses[bestIndex] ?? 0;
  const gained = (losses[0] ?? 0) - best;
  const worsening = mean(after.slice(Math.floor(after.length / 2))) - best;
  const { change, jitter } = trendOf([best, ...after]);
  return change > 0 && worsening > 0.1 * gained && worsening > 1.5 * jitter;
}

/** The rise of the least-squares line from the first value to the last, and the standard deviation around that line. */
function trendOf(values: readonly number[]): { change: number; jitter: number } {
  const count = values.length;
  const middle = (count - 1) / 2;
  const average = mean(values);
  const spread = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  const slope = values.reduce((sum, value, index) => sum + (index - middle) * (value - average), 0) / spread;
  const residuals = values.map((value, index) => (value - average - slope * (index - middle)) ** 2);
  return { change: slope * (count - 1), jitter: Math.sqrt(mean(residuals)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface TrainingValues {
  readonly atBest: number | undefined;
  readonly atLast: number;
}

function trainingValues(rows: readonly LogRow[], metric: string, best: Point, last: Point): TrainingValues | undefined {
  const name = trainingCounterpart(metric, new Set(rows.flatMap((row) => Object.keys(row))));
  if (name === undefined) return undefined;
  const atLast = numbersAround(rows, last.rowIndex)[name];
  return atLast === undefined ? undefined : { atLast, atBest: numbersAround(rows, best.rowIndex)[name] };
}

function wentOnImproving(training: TrainingValues | undefined, direction: Direction): boolean {
  return training?.atBest !== undefined && isBetter(training.atLast, training.atBest, direction);
}

/** Evenly spaced points, with the first, the last and the best among them. */
function sampleOf(points: readonly Point[], bestIndex: number): [number, number][] {
  const count = Math.min(points.length, SAMPLE_SIZE);
  const even = Array.from({ length: count }, (_, k) => {
    return count === 1 ? 0 : Math.round((k * (points.length - 1)) / (count - 1));
  });
  const nearest = even.reduce((near, index, k) => {
    return Math.abs(index - bestIndex) < Math.abs((even[near] ?? 0) - bestIndex) ? k : near;
  }, 0);
  const replaced = Math.min(Math.max(nearest, 1), count - 2); // the ends stay
  const indices = even.includes(bestIndex) ? even : even.with(replaced, bestIndex);
  return points.filter((_, index) => indices.includes(index)).map(({ step, value }) => [step, value]);
}
