import { area, curveStepAfter, line as linePath } from 'd3-shape';
import { formatNumber } from '../numbers.ts';
import { countAxis, valueAxis } from '../plots/axis.ts';
import { drawHorizontal, drawVertical, type Frame } from '../plots/frame.ts';
import { COLOURS, element, legend, line, picture, shortened } from '../plots/svg.ts';
import { type Comparison, quantileAfter, runsOf } from './compare-arms.ts';

const WIDTH = 820;

interface Point {
  readonly trial: number;
  readonly median: number;
  /** undefined where a quarter of the studies has no value yet. */
  readonly quartiles?: readonly [number, number];
}

/** Best value so far by trial: the median over the seeds for each arm, the middle half shaded. undefined without any value. */
export function drawBench(comparison: Comparison, metric: string): string | undefined {
  const { arms, trials, direction } = comparison;
  const lines = arms.map((arm, index) => ({ arm, colour: colourOf(index), points: pointsOf(comparison, arm) }));
  const values = lines.flatMap(({ points }) => points.flatMap(({ median, quartiles = [] }) => [median, ...quartiles]));
  if (values.length === 0) return undefined;
  const key = legend(
    lines.map(({ arm, colour, points }) => ({
      symbol: (x: number, y: number) => line(x, y, x + 20, y, colour, { 'stroke-width': 2.5 }),
      words: `${shortened(arm, 40)} (${lastOf(points)})`,
    })),
    20,
    56,
    WIDTH - 20,
  );
  const frame: Frame = { left: 76, right: WIDTH - 30, top: 56 + key.height + 30, bottom: 56 + key.height + 330 };
  const x = countAxis(trials, frame.left + 14, frame.right - 14);
  const y = valueAxis(values, { from: frame.bottom - 10, to: frame.top });
  const better = direction === 'minimize' ? 'lower is better' : 'higher is better';
  const across = ({ trial }: Point) => x.position(trial);
  return picture(
    WIDTH,
    frame.bottom + 56,
    'Best value so far, by arm',
    `${metric}, ${better}: the median over the seeds after each trial, and the middle half of the seeds.`,
    [
      ...key.drawn,
      ...drawVertical(y, frame, `${shortened(metric, 40)} (${better}${y.isLog ? ', log scale' : ''})`),
      ...drawHorizontal(x, frame, 'trials; lines are medians over the seeds, bands their middle half'),
      ...lines.flatMap(({ colour, points }) => {
        const band = area<Point>()
          .defined(({ quartiles }) => quartiles !== undefined)
          .x(across)
          .y0(({ quartiles = [0, 0] }) => y.position(quartiles[0]))
          .y1(({ quartiles = [0, 0] }) => y.position(quartiles[1]))
          .curve(curveStepAfter)
          .digits(2)(points);
        return band === null ? [] : [element('path', { d: band, fill: colour, 'fill-opacity': 0.13 })];
      }),
      ...lines.flatMap(({ colour, points }) => {
        const path = linePath<Point>()
          .x(across)
          .y(({ median }) => y.position(median))
          .curve(curveStepAfter)
          .digits(2)(points);
        return path === null ? [] : [element('path', { d: path, fill: 'none', stroke: colour, 'stroke-width': 2.5 })];
      }),
    ],
  );
}

function pointsOf(comparison: Comparison, arm: string): Point[] {
  const runs = runsOf(comparison, arm);
  const steps = Array.from({ length: comparison.trials }, (_, index) => index + 1);
  return steps.flatMap((trial) => {
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantileAfter(comparison, runs, trial, share));
    if (median === null || median === undefined) return [];
    const hasBand = low !== null && low !== undefined && high !== null && high !== undefined;
    return [{ trial, median, ...(hasBand && { quartiles: [low, high] as const }) }];
  });
}

function colourOf(index: number): string {
  return COLOURS.emphasised[index % COLOURS.emphasised.length] ?? COLOURS.best;
}

function lastOf(points: readonly Point[]): string {
  const last = points.at(-1);
  return last === undefined ? 'no value' : formatNumber(last.median);
}
