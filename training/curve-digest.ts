import { type Direction, isBetter, type Objective, toLoss } from '../study/objective.ts';
import type { CurveDigest } from '../study/trial.ts';
import { endedFarWorse, hasLargeGap, isStillImproving, jitterOf, worsenedSince } from './curve-shape.ts';
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
  objective: Pick<Objective, 'metric' | 'direction'> & Partial<Pick<Objective, 'at'>>,
): CurveDigest | undefined {
  const { metric, direction, at } = objective;
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
  const notFiniteFrom = recorded[recorded.indexOf(last) + 1]?.step;
  const diverged = notFiniteFrom !== undefined || endedFarWorse(losses);
  const turn = points[worsenedSince(losses) ?? -1];
  const counted = at === 'best' ? best : last;
  const trainingAt = trainingSide(rows, metric);
  const training = trainingAt(counted);
  const jitter = jitterOf(losses);
  return {
    points: recorded.length,
    first: first.value,
    last: last.value,
    best: best.value,
    bestStep: best.step,
    lastStep: recorded.at(-1)?.step ?? last.step,
    diverged,
    stillImproving: !diverged && isStillImproving(losses),
    overfitting: !diverged && turn !== undefined && wentOnImproving(trainingAt(turn), trainingAt(last), direction),
    sample: sampleOf(points, bestIndex),
    ...(notFiniteFrom !== undefined && { notFiniteFrom }),
    ...(jitter !== undefined && { jitter }),
    ...(training !== undefined && { training, largeGap: hasLargeGap(training, counted.value, direction, jitter) }),
  };
}

function pointsOf(rows: readonly LogRow[], metric: string): Point[] {
  const carriers = [...rows.entries()].filter(([, row]) => row[metric] !== undefined);
  const steps = stepsOf(carriers.map(([, row]) => row));
  return carriers.map(([rowIndex, row], index) => {
    return { rowIndex, step: steps[index] ?? index + 1, value: row[metric] ?? Number.NaN };
  });
}

/** What the training side of the metric was at a point, as far as the log says. */
function trainingSide(rows: readonly LogRow[], metric: string): (at: Point) => number | undefined {
  const name = trainingCounterpart(metric, new Set(rows.flatMap((row) => Object.keys(row))));
  return ({ rowIndex }) => (name === undefined ? undefined : numbersAround(rows, rowIndex)[name]);
}

function wentOnImproving(before: number | undefined, after: number | undefined, direction: Direction): boolean {
  return before !== undefined && after !== undefined && isBetter(after, before, direction);
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
