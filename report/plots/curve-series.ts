import { isValued } from '../../study/comparable.ts';
import { isBetter } from '../../study/objective.ts';
import type { ReportAnalysis, ReportedTrial } from '../analyse.ts';
import type { CurveRow } from '../facts.ts';

/** One trial’s curve of the objective’s metric. */
export interface CurveSeries {
  readonly trial: number;
  readonly points: readonly (readonly [number, number])[];
  /** `best`: one of the five best of the current code; `without`: the trial has no value. */
  readonly kind: 'best' | 'other' | 'without';
}

const EMPHASISED = 5;
const STEP_NAMES = ['epoch', 'step', 'global_step', 'iteration', 'iter', 'round'];

/**
 * From the training logs where there are any, else from the digest’s sample. Steps are the log’s own when every row
 * has them, else rows are counted. Only curves of two points and more; the best first.
 */
export function curveSeries({ trials, curves, objective, compared }: ReportAnalysis): {
  step: string;
  series: CurveSeries[];
} {
  const ranked = compared
    .filter(({ brokenConstraints }) => brokenConstraints.length === 0)
    .toSorted((a, b) =>
      isBetter(a.value, b.value, objective.direction)
        ? -1
        : isBetter(b.value, a.value, objective.direction)
          ? 1
          : a.number - b.number,
    )
    .map(({ number }) => number);
  const logs = new Map(
    [...curves].map(([trial, rows]) => [trial, rows.filter((row) => objective.metric in row)] as const),
  );
  const step = stepName([...logs.values()]);
  const emphasised = new Set(ranked.slice(0, EMPHASISED));
  const place = ({ trial }: CurveSeries) => (ranked.includes(trial) ? ranked.indexOf(trial) : ranked.length);
  const series = trials
    .map(({ trial }): CurveSeries => {
      const kind = emphasised.has(trial.number) ? 'best' : isValued(trial) ? 'other' : 'without';
      const points = pointsOf(trial, logs.get(trial.number) ?? [], objective.metric, step);
      return { trial: trial.number, kind, points: thinned(points, kind === 'best' ? 300 : 60) };
    })
    .filter(({ points }) => points.length > 1)
    .sort((a, b) => place(a) - place(b));
  return { step: step ?? 'row of the training log', series };
}

function stepName(logs: readonly (readonly CurveRow[])[]): string | undefined {
  const rows = logs.flat();
  return STEP_NAMES.find((name) => rows.length > 0 && rows.every((row) => Number.isFinite(row[name])));
}

function pointsOf(
  { curve }: ReportedTrial['trial'],
  rows: readonly CurveRow[],
  metric: string,
  step: string | undefined,
): (readonly [number, number])[] {
  if (rows.length === 0) return [...(curve?.sample ?? [])].filter(([, value]) => Number.isFinite(value));
  return rows
    .map(
      (row, index) => [step === undefined ? index + 1 : (row[step] ?? index + 1), row[metric] ?? Number.NaN] as const,
    )
    .filter(([, value]) => Number.isFinite(value));
}

/** Evenly thinned, the last point kept. */
function thinned(points: readonly (readonly [number, number])[], most: number): readonly (readonly [number, number])[] {
  if (points.length <= most) return points;
  const every = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * every)]).flatMap((point) =>
    point === undefined ? [] : [point],
  );
}
