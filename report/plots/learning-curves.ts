import { line as linePath } from 'd3-shape';
import type { ReportAnalysis } from '../analyse.ts';
import { formatNumber } from '../numbers.ts';
import { quantile } from '../statistics.ts';
import { better } from '../words.ts';
import { type Axis, linearAxis, valueAxis } from './axis.ts';
import { axisName } from './best-so-far.ts';
import { type CurveSeries, curveSeries } from './curve-series.ts';
import { drawHorizontal, drawVertical, type Frame, spreadLabels } from './frame.ts';
import { COLOURS, dot, element, type LegendEntry, legend, line, picture, text } from './svg.ts';

const WIDTH = 820;

/** Every trial’s curve, the best five in colour with their names; undefined when no trial has a curve. */
export function drawLearningCurves(analysis: ReportAnalysis): string | undefined {
  const { series, step } = curveSeries(analysis);
  if (series.length === 0) return undefined;
  const best = series.filter(({ kind }) => kind === 'best');
  const key = legend(entriesOf(series), 20, 56, WIDTH - 20);
  const top = 56 + key.height + 30;
  const frame: Frame = { left: 76, right: WIDTH - (best.length > 0 ? 150 : 30), top, bottom: top + 280 };
  const steps = series.flatMap(({ points }) => points.map(([at]) => at));
  const x = linearAxis(Math.min(...steps), Math.max(...steps), { from: frame.left, to: frame.right, ticks: 8 });
  const y = valueAxis(usualValues(series), {
    from: frame.bottom - 6,
    to: frame.top,
    logFrom: 8,
    always: best.flatMap(({ points }) => points.map(([, value]) => value)),
  });
  const clip = element(
    'clipPath',
    { id: 'learning-curves-area' },
    element('rect', {
      x: frame.left,
      y: frame.top - 2,
      width: frame.right - frame.left,
      height: frame.bottom - frame.top + 4,
    }),
  );
  const curves = [...series].reverse().map((each) => drawCurve(each, best, x, y));
  return picture(
    WIDTH,
    frame.bottom + 56,
    'Learning curves',
    `${analysis.objective.metric} while training, ${better(analysis.objective)}; one line per trial.`,
    [
      element('defs', {}, clip),
      ...key.drawn,
      ...drawVertical(y, frame, axisName(analysis.objective, y)),
      ...drawHorizontal(x, frame, step),
      element('g', { 'clip-path': 'url(#learning-curves-area)' }, `\n${curves.join('\n')}\n`),
      ...drawNames(best, x, y, frame),
    ],
  );
}

/** Values of all curves without the far ends that a few diverging trials reach; the best curves are always whole. */
function usualValues(series: readonly CurveSeries[]): number[] {
  const values = series
    .filter(({ kind }) => kind !== 'without')
    .flatMap(({ points }) => points.map(([, value]) => value));
  const all = values.length > 0 ? values : series.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = [quantile(all, 0.02), quantile(all, 0.98)];
  return all.filter((value) => value >= low && value <= high);
}

function entriesOf(series: readonly CurveSeries[]): LegendEntry[] {
  const count = (kind: CurveSeries['kind']) => series.filter((each) => each.kind === kind).length;
  const stroke =
    (colour: string, more = {}) =>
    (x: number, y: number) =>
      line(x, y, x + 20, y, colour, more);
  return [
    ...(count('best') > 0
      ? [
          {
            symbol: stroke(COLOURS.best, { 'stroke-width': 2.5 }),
            words: count('best') === 1 ? 'the best trial' : `the best ${count('best')} trials`,
          },
        ]
      : []),
    ...(count('other') > 0
      ? [{ symbol: stroke(COLOURS.others, { 'stroke-width': 1.5 }), words: `other trials (${count('other')})` }]
      : []),
    ...(count('without') > 0
      ? [
          {
            symbol: stroke(COLOURS.failure, { 'stroke-dasharray': '3 3' }),
            words: `without a final value (${count('without')})`,
          },
        ]
      : []),
  ];
}

function colourOf(each: CurveSeries, best: readonly CurveSeries[]): string {
  return COLOURS.emphasised[best.indexOf(each) % COLOURS.emphasised.length] ?? COLOURS.others;
}

function drawCurve(each: CurveSeries, best: readonly CurveSeries[], x: Axis, y: Axis): string {
  const path = linePath<readonly [number, number]>()
    .x(([at]) => x.position(at))
    .y(([, value]) => y.position(value))
    .digits(1)(each.points);
  const style =
    each.kind === 'best'
      ? { stroke: colourOf(each, best), 'stroke-width': each === best[0] ? 3 : 2 }
      : each.kind === 'other'
        ? { stroke: COLOURS.others, 'stroke-width': 1.2 }
        : { stroke: COLOURS.failure, 'stroke-width': 1, 'stroke-dasharray': '3 3', 'stroke-opacity': 0.6 };
  return element('path', { d: path ?? '', fill: 'none', 'stroke-linejoin': 'round', ...style });
}

/** Names at the right, level with the ends of the curves and led to them. */
function drawNames(best: readonly CurveSeries[], x: Axis, y: Axis, frame: Frame): string[] {
  const ends = best.map(({ points }) => points.at(-1) ?? ([0, 0] as const));
  const heights = spreadLabels(
    ends.map(([, value]) => y.position(value)),
    17,
    frame.top,
    frame.bottom,
  );
  return best.flatMap((each, index) => {
    const [at, value] = ends[index] ?? [0, 0];
    const colour = colourOf(each, best);
    const height = heights[index] ?? 0;
    const from = x.position(at);
    return [
      line(from, y.position(value), frame.right + 10, height, colour, { 'stroke-width': 1, 'stroke-opacity': 0.5 }),
      dot(from, y.position(value), 3, colour),
      text(frame.right + 14, height + 4, `trial ${each.trial}: ${formatNumber(value)}`, {
        fill: colour,
        ...(index === 0 && { weight: 600 }),
      }),
    ];
  });
}
