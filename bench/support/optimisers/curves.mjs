import { line as linePath } from 'd3-shape';
import { countAxis, linearAxis, logAxis } from '../../../dist/report/plots/axis.js';
import { drawHorizontal, drawVertical, spreadLabels } from '../../../dist/report/plots/frame.js';
import { COLOURS, element, picture, text } from '../../../dist/report/plots/svg.js';

const WIDTH = 900;
const FRAME = { left: 76, right: WIDTH - 210, top: 70, bottom: 520 };
/** Other optimisers come in these, first solid, then dashed; agenthpo’s own arms are thick. */
const HUES = [...COLOURS.emphasised, COLOURS.failure];
const DASHES = [undefined, '6 3', '2 3'];

/** One curve an arm over the trials, each named at its end. `series` are `{name, isOurs, values}`, a value a trial. */
export function drawCurves({ title, name, isLog, series }) {
  const all = series.flatMap(({ values }) => values).filter((value) => !isLog || value > 0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = countAxis(series[0].values.length, FRAME.left + 10, FRAME.right - 10);
  const y = (isLog ? logAxis : linearAxis)(low, high, { from: FRAME.bottom - 10, to: FRAME.top + 10 });
  const ends = series.map(({ values }) => y.position(values.at(-1)));
  const labels = spreadLabels(ends, 17, FRAME.top, FRAME.bottom);
  return picture(WIDTH, FRAME.bottom + 56, title, `${title} of each optimiser after each trial.`, [
    ...drawVertical(y, FRAME, name),
    ...drawHorizontal(x, FRAME, 'trial'),
    ...series.flatMap((each, index) => {
      const stroke = HUES[index % HUES.length];
      const dash = DASHES[Math.floor(index / HUES.length) % DASHES.length];
      const points = each.values.map((value, trial) => [x.position(trial + 1), y.position(value)]);
      const style = { fill: 'none', stroke, 'stroke-width': each.isOurs ? 3.2 : 1.6, 'stroke-dasharray': dash };
      const weight = each.isOurs ? 600 : undefined;
      return [
        element('path', { d: linePath().digits(2)(points), ...style }),
        text(FRAME.right + 8, labels[index] + 4, each.name, { fill: stroke, weight }),
      ];
    }),
  ]);
}
