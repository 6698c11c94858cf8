import { scaleLinear, scaleLog } from 'd3-scale';
import { formatNumber } from '../numbers.ts';
import { quantile } from '../statistics.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A numeric axis: where values stand, which of them are labelled, what lies beyond. */
export interface Axis {
  readonly isLog: boolean;
  readonly ticks: readonly Tick[];
  /** Pixels; values beyond the axis are set on its end. */
  position(value: number): number;
  isBeyond(value: number): boolean;
  isAbove(value: number): boolean;
}

export interface AxisOptions {
  /** Pixels of the low and the high end. */
  readonly from: number;
  readonly to: number;
  readonly ticks?: number;
  /** Values that must be on the axis, whatever is cut off. */
  readonly always?: readonly number[];
  /** Positive values that span more than this factor are set on a log scale; default 10. */
  readonly logFrom?: number;
  /** Label whole numbers only. */
  readonly isWhole?: boolean;
}

/** More than this ratio between positive values reads better by powers of ten. */
const LOG_FROM = 10;

/** An axis for measured values: logarithmic when they span it, else linear with far outliers left beyond the end. */
export function valueAxis(values: readonly number[], options: AxisOptions): Axis {
  const finite = [...values, ...(options.always ?? [])].filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length > 0 && low > 0 && high / low > (options.logFrom ?? LOG_FROM)) {
    const room = (high / low) ** 0.04;
    return logAxis(low / room, high * room, options);
  }
  const [from, to] = withoutOutliers(finite, options.always ?? []);
  const span = to - from;
  const room = span > 0 ? 0.05 * span : Math.abs(from) * 0.05 || 1;
  return linearAxis(from - room, to + room, options);
}

/** Three times the middle half’s width beyond it counts as far; without a middle nothing is cut. */
function withoutOutliers(values: readonly number[], always: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const [lower, upper] = [quantile(values, 0.25), quantile(values, 0.75)];
  const reach = 3 * (upper - lower);
  const kept =
    values.length < 5 || reach === 0
      ? values
      : values.filter((value) => value >= lower - reach && value <= upper + reach);
  const all = [...kept, ...always];
  return [Math.min(...all), Math.max(...all)];
}

export function linearAxis(low: number, high: number, { from, to, ticks = 5, isWhole = false }: AxisOptions): Axis {
  const scale = scaleLinear([low, high], [from, to]);
  const values = scale.ticks(ticks).filter((value) => !isWhole || Number.isInteger(value));
  const step = Math.abs((values[1] ?? high) - (values[0] ?? low));
  return axis(
    false,
    low,
    high,
    scale,
    values.map((value) => ({ value, label: linearLabel(value, step) })),
  );
}

export function logAxis(low: number, high: number, options: AxisOptions): Axis {
  const { from, to, ticks = 6 } = options;
  const scale = scaleLog([low, high], [from, to]);
  const values = logTicks(low, high, ticks);
  if (values.length < 2) return { ...linearAxis(low, high, options) };
  return axis(
    true,
    low,
    high,
    scale,
    values.map((value) => ({ value, label: logLabel(value) })),
  );
}

function axis(
  isLog: boolean,
  low: number,
  high: number,
  scale: (value: number) => number,
  ticks: readonly Tick[],
): Axis {
  return {
    isLog,
    ticks,
    position: (value) => scale(Math.min(high, Math.max(low, value))),
    isBeyond: (value) => value < low || value > high,
    isAbove: (value) => value > high,
  };
}

/** Powers of ten, every second or third where there are many; 1, 2, 5 (or 1, 3) times them where there are few. */
function logTicks(low: number, high: number, wanted: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  if (powers.length >= 3) {
    const every = Math.ceil(powers.length / wanted);
    return powers.filter((power) => (power - first) % every === 0).map((power) => Number(`1e${power}`));
  }
  const within = (factors: readonly number[]) =>
    Array.from({ length: last - first + 3 }, (_, index) => first - 1 + index).flatMap((power) =>
      factors.map((factor) => Number(`${factor}e${power}`)).filter((value) => value >= low && value <= high),
    );
  const coarse = within([1, 3]);
  return coarse.length >= 3 ? coarse : within([1, 2, 5]);
}

/** `1e-4`, `3e-3`, `0.01`, `1`, `100`, `1e4`. */
function logLabel(value: number): string {
  if (value >= 0.01 && value < 1e4) return String(Number(value.toPrecision(3)));
  return value
    .toExponential()
    .replace('+', '')
    .replace(/(\.\d{2})\d*/, '$1');
}

function linearLabel(value: number, step: number): string {
  if (value === 0) return '0';
  if (step < 1e-4 || Math.abs(value) >= 1e6) return formatNumber(Number(value.toPrecision(6)));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toFixed(Math.min(6, digits));
}

/** Whole numbers from 1: trials. */
export function countAxis(count: number, from: number, to: number): Axis {
  const low = count === 1 ? 0 : 1;
  const high = count === 1 ? 2 : count;
  const scale = scaleLinear([low, high], [from, to]);
  const values = [...new Set([1, ...scaleLinear([1, Math.max(2, count)], [0, 1]).ticks(10)])].filter(
    (value) => Number.isInteger(value) && value >= 1 && value <= count,
  );
  const ticks = values.filter((value, index) => index === 0 || scale(value) - scale(values[0] ?? value) > 18);
  return axis(
    false,
    low,
    high,
    scale,
    ticks.map((value) => ({ value, label: String(value) })),
  );
}
