import { type Hyperparameter, type HyperparameterValue, isNumeric, toUnit } from '../../study/hyperparameter.ts';
import type { ReportAnalysis } from '../analyse.ts';
import type { ParameterEffect } from '../parameter-effect.ts';
import { better, shownValue } from '../words.ts';
import { type Axis, linearAxis, logAxis, valueAxis } from './axis.ts';
import { axisName, hasNoValue } from './best-so-far.ts';
import { drawHorizontal, drawVertical, type Frame } from './frame.ts';
import { COLOURS, cross, dot, line, picture, shortened, text, triangle } from './svg.ts';

const COLUMNS = 3;
const CELL = { width: 250, height: 196 };
const LEFT = 62;
const TOP = 78;
/** More panels than this are a wall; those that matter come first. */
const MOST = 12;

/** Value against hyperparameter, one panel each for those that varied; undefined with fewer than three complete trials. */
export function drawHyperparameters(analysis: ReportAnalysis): string | undefined {
  const { compared, objective } = analysis;
  const effects = shownEffects(analysis);
  if (compared.length < 3 || effects.length === 0) return undefined;
  const rows = Math.ceil(effects.length / COLUMNS);
  const columns = Math.min(COLUMNS, effects.length);
  const width = Math.max(560, LEFT + columns * CELL.width + 20);
  const always = analysis.best ? [analysis.best.value] : [];
  const first = valueAxis(
    compared.map(({ value }) => value),
    { from: 1, to: 0, always },
  );
  return picture(
    width,
    TOP + rows * CELL.height + 8,
    'What each hyperparameter did',
    `${objective.metric} against each hyperparameter, ${better(objective)}.`,
    [
      text(
        20,
        50,
        `${axisName(objective, first)} of every complete trial in which it was active; the best ringed; crosses: no value`,
        { size: 11, fill: COLOURS.muted },
      ),
      ...effects.flatMap((effect, index) => {
        const left = LEFT + (index % COLUMNS) * CELL.width;
        const top = TOP + Math.floor(index / COLUMNS) * CELL.height + 20;
        return drawPanel(
          analysis,
          effect,
          { left, right: left + CELL.width - 26, top, bottom: top + CELL.height - 62 },
          index % COLUMNS === 0,
        );
      }),
    ],
  );
}

function shownEffects({ effects, compared }: ReportAnalysis): ParameterEffect[] {
  const varied = effects.filter(
    ({ parameter: { name } }) =>
      new Set(compared.flatMap(({ proposal }) => proposal.hyperparameters[name] ?? [])).size > 1,
  );
  const isStrong = ({ importance }: ParameterEffect) => (importance.verdict === 'matters' ? 0 : 1);
  return varied.toSorted((a, b) => isStrong(a) - isStrong(b)).slice(0, MOST);
}

function drawPanel(
  analysis: ReportAnalysis,
  { parameter, importance }: ParameterEffect,
  frame: Frame,
  isFirst: boolean,
): string[] {
  const { name } = parameter;
  const { compared, best, trials } = analysis;
  const without = trials
    .map(({ trial }) => trial)
    .filter((trial) => hasNoValue(trial) && name in trial.proposal.hyperparameters);
  const always = best ? [best.value] : [];
  const y = valueAxis(
    compared.map(({ value }) => value),
    { from: frame.bottom - (without.length > 0 ? 22 : 8), to: frame.top, ticks: 4, always },
  );
  const x = isNumeric(parameter)
    ? numberAxis(parameter, frame)
    : choiceAxis(
        parameter,
        compared.map(({ proposal }) => proposal.hyperparameters[name]),
        frame,
      );
  const heading = importance.verdict === 'matters' ? `${shortened(name, 24)} — matters` : shortened(name, 32);
  const place = (value: HyperparameterValue, index: number) =>
    x.at(value) + (isNumeric(parameter) ? 0 : ((index * 7) % 11) - 5);
  const vertical = drawVertical(
    isFirst ? y : { ...y, ticks: y.ticks.map((tick) => ({ ...tick, label: '' })) },
    frame,
    '',
    10,
  );
  return [
    text(frame.left, frame.top - 10, heading, {
      weight: 600,
      size: 12,
      ...(importance.verdict === 'matters' && { fill: COLOURS.best }),
    }),
    ...vertical,
    ...x.drawn,
    ...without.map((trial, index) =>
      cross(place(trial.proposal.hyperparameters[name] ?? null, index), frame.bottom - 9, 3, COLOURS.failure),
    ),
    ...compared.flatMap(({ number, proposal, value }, index) => {
      const tried = proposal.hyperparameters[name];
      if (tried === undefined) return [];
      const [across, up] = [place(tried, index), y.position(value)];
      if (y.isBeyond(value)) return [triangle(across, up, y.isAbove(value), COLOURS.trial)];
      const ring =
        number === best?.number ? [dot(across, up, 6.5, 'none', { stroke: COLOURS.best, 'stroke-width': 2 })] : [];
      return [dot(across, up, 3.2, COLOURS.best, { 'fill-opacity': 0.6 }), ...ring];
    }),
  ];
}

interface Across {
  readonly drawn: readonly string[];
  at(value: HyperparameterValue): number;
}

function numberAxis(parameter: Extract<Hyperparameter, { type: 'float' | 'int' }>, frame: Frame): Across {
  const { low, high, scale, type } = parameter;
  const options = { from: frame.left + 8, to: frame.right - 8, ticks: 4, isWhole: type === 'int' };
  const axis: Axis =
    scale === 'log' && low < high ? logAxis(low, high, options) : linearAxis(low, low < high ? high : low + 1, options);
  return { drawn: drawHorizontal(axis, frame, '', 10), at: (value) => axis.position(Number(value)) };
}

/** The values tried, in the space’s order, evenly spaced. */
function choiceAxis(
  parameter: Hyperparameter,
  tried: readonly (HyperparameterValue | undefined)[],
  frame: Frame,
): Across {
  const values = [...new Set(tried.flatMap((value) => (value === undefined ? [] : [value])))];
  values.sort((a, b) => toUnit(parameter, a) - toUnit(parameter, b));
  const band = (frame.right - frame.left) / values.length;
  const at = (value: HyperparameterValue) => frame.left + band * (Math.max(0, values.indexOf(value)) + 0.5);
  const every = Math.ceil(values.length / 10);
  const labels = values.flatMap((value, index) => {
    const words = shortened(typeof value === 'string' ? value : shownValue(value), Math.floor((band * every) / 6.2));
    return index % every === 0
      ? [text(at(value), frame.bottom + 18, words, { anchor: 'middle', size: 10, fill: COLOURS.muted })]
      : [];
  });
  return { drawn: [line(frame.left, frame.bottom, frame.right, frame.bottom, COLOURS.axis), ...labels], at };
}
