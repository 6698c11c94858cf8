import { curveStepAfter, line as linePath } from 'd3-shape';
import { isValued } from '../../study/comparable.ts';
import { isBetter, type Objective } from '../../study/objective.ts';
import type { Trial } from '../../study/trial.ts';
import type { ReportAnalysis, ReportedTrial } from '../analyse.ts';
import { formatNumber } from '../numbers.ts';
import { better } from '../words.ts';
import { type Axis, countAxis, valueAxis } from './axis.ts';
import { drawHorizontal, drawVertical, type Frame } from './frame.ts';
import {
  COLOURS,
  cross,
  dot,
  element,
  type LegendEntry,
  legend,
  line,
  picture,
  shortened,
  text,
  triangle,
} from './svg.ts';

const WIDTH = 820;

/** Trials in a row that ran the same code: values are only compared, and a best is only kept, within one. */
interface Stretch {
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly best: readonly { readonly trial: number; readonly value: number }[];
}

/** Every trial’s value in order, the best so far, the defaults’ line; trials without a value as crosses. undefined when none has one. */
export function drawBestSoFar(analysis: ReportAnalysis): string | undefined {
  const { trials, objective, comparison } = analysis;
  if (trials.every(({ trial }) => trial.value === undefined)) return undefined;
  const stretches = stretchesOf(trials, objective);
  const without = trials.map(({ trial }) => trial).filter(hasNoValue);
  const key = legend(entriesOf(analysis, without), 20, 56, WIDTH - 20);
  const frame: Frame = { left: 76, right: WIDTH - 30, top: 56 + key.height + 30, bottom: 56 + key.height + 300 };
  const x = countAxis(trials.length, frame.left + 14, frame.right - 14);
  const known = trials.flatMap(({ trial }) => trial.value ?? []);
  const always = [...(analysis.best ? [analysis.best.value] : []), ...(comparison ? [comparison.default.value] : [])];
  const y = valueAxis(known, { from: frame.bottom - (without.length > 0 ? 34 : 10), to: frame.top, always });
  return picture(
    WIDTH,
    frame.bottom + 56,
    'Best value so far',
    `${objective.metric} of every trial in order, ${better(objective)}.`,
    [
      ...key.drawn,
      ...drawVertical(y, frame, axisName(objective, y)),
      ...drawHorizontal(x, frame, 'trial'),
      ...drawReference(analysis, stretches, x, y, frame),
      ...stretches.flatMap((stretch) => drawStretch(stretch, x, y, frame)),
      ...drawPoints(analysis, stretches, x, y),
      ...without.map(({ number }) => cross(x.position(number), frame.bottom - 14, 4.5, COLOURS.failure)),
    ],
  );
}

export function axisName(objective: Objective, axis: Axis): string {
  return `${shortened(objective.metric, 40)} (${better(objective)}${axis.isLog ? ', log scale' : ''})`;
}

export function hasNoValue({ state }: Trial): boolean {
  return state === 'failed' || state === 'timed-out';
}

function stretchesOf(trials: readonly ReportedTrial[], objective: Objective): Stretch[] {
  const versions = new Map<number, ReportedTrial[]>();
  let current = 1;
  for (const each of trials) {
    current = each.codeVersion ?? current;
    versions.set(current, [...(versions.get(current) ?? []), each]);
  }
  return [...versions].map(([version, members]) => {
    const best: { trial: number; value: number }[] = [];
    for (const { trial } of members) {
      if (!isValued(trial) || trial.brokenConstraints.length > 0) continue;
      const last = best.at(-1);
      if (last === undefined || isBetter(trial.value, last.value, objective.direction))
        best.push({ trial: trial.number, value: trial.value });
    }
    return { version, from: members[0]?.trial.number ?? 1, to: members.at(-1)?.trial.number ?? 1, best };
  });
}

function entriesOf({ trials, comparison, best }: ReportAnalysis, without: readonly Trial[]): LegendEntry[] {
  const isPartial = trials.some(({ trial }) => trial.state === 'pruned');
  return [
    ...(best === undefined
      ? []
      : [
          {
            symbol: (x: number, y: number) => line(x, y, x + 20, y, COLOURS.best, { 'stroke-width': 2.5 }),
            words: `best so far (${formatNumber(best.value)} in trial ${best.number})`,
          },
          { symbol: (x: number, y: number) => dot(x + 10, y, 4.5, COLOURS.trial), words: 'one trial' },
        ]),
    ...(comparison === undefined
      ? []
      : [
          {
            symbol: (x: number, y: number) =>
              line(x, y, x + 20, y, COLOURS.reference, { 'stroke-width': 1.5, 'stroke-dasharray': '5 4' }),
            words: `the defaults (${formatNumber(comparison.default.value)})`,
          },
        ]),
    ...(isPartial
      ? [{ symbol: (x: number, y: number) => hollow(x + 10, y), words: 'stopped early (partial value)' }]
      : []),
    ...(without.length > 0
      ? [
          {
            symbol: (x: number, y: number) => cross(x + 10, y, 4.5, COLOURS.failure),
            words: 'no value (failed or timed out)',
          },
        ]
      : []),
  ];
}

function drawReference(
  { comparison, codeVersions, currentCode }: ReportAnalysis,
  stretches: readonly Stretch[],
  x: Axis,
  y: Axis,
  frame: Frame,
): string[] {
  if (comparison === undefined) return [];
  const height = y.position(comparison.default.value);
  const current = stretches.find(({ version }) => version === codeVersions.indexOf(currentCode) + 1);
  const from = current === undefined || current.from === 1 ? frame.left : x.position(current.from - 0.5);
  return [
    line(from, height, frame.right, height, COLOURS.reference, { 'stroke-width': 1.5, 'stroke-dasharray': '5 4' }),
  ];
}

function drawStretch({ version, from, to, best }: Stretch, x: Axis, y: Axis, frame: Frame): string[] {
  const boundary = version === 1 ? [] : codeBoundary(x.position(from - 0.5), frame);
  const last = best.at(-1);
  if (last === undefined) return boundary;
  const points = [...best.map(({ trial, value }) => [trial, value] as const), [to, last.value] as const];
  const path = linePath<readonly [number, number]>()
    .x(([trial]) => x.position(trial))
    .y(([, value]) => y.position(value))
    .digits(2)
    .curve(curveStepAfter)(points);
  return [
    ...boundary,
    ...(path === null ? [] : [element('path', { d: path, fill: 'none', stroke: COLOURS.best, 'stroke-width': 2.5 })]),
  ];
}

function codeBoundary(x: number, frame: Frame): string[] {
  return [
    line(x, frame.top - 4, x, frame.bottom, COLOURS.muted, { 'stroke-dasharray': '2 3' }),
    text(x + 5, frame.top + 6, 'code changed', { size: 11, fill: COLOURS.muted }),
  ];
}

function drawPoints({ trials }: ReportAnalysis, stretches: readonly Stretch[], x: Axis, y: Axis): string[] {
  const winners = new Set(stretches.flatMap(({ best }) => best.map(({ trial }) => trial)));
  return trials.flatMap(({ trial }) => {
    if (trial.value === undefined) return [];
    const [across, up] = [x.position(trial.number), y.position(trial.value)];
    if (y.isBeyond(trial.value)) return [beyond(across, up, trial.value, y)];
    if (!isValued(trial)) return [hollow(across, up)];
    const isBest = winners.has(trial.number);
    return [
      dot(across, up, isBest ? 5 : 4, isBest ? COLOURS.best : COLOURS.trial, {
        stroke: COLOURS.card,
        'stroke-width': 1,
      }),
    ];
  });
}

function hollow(x: number, y: number): string {
  return dot(x, y, 4, COLOURS.card, { stroke: COLOURS.muted, 'stroke-width': 1.5 });
}

/** A value beyond the axis: a triangle at its end that points outwards, with the number. */
function beyond(x: number, y: number, value: number, axis: Axis): string {
  const isAbove = axis.isAbove(value);
  const label = text(x, y + (isAbove ? 18 : -11), formatNumber(value, 3), {
    anchor: 'middle',
    size: 10,
    fill: COLOURS.muted,
  });
  return triangle(x, y, isAbove, COLOURS.trial) + label;
}
