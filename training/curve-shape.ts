import type { Direction } from '../study/objective.ts';

/*
 * Questions that a curve answers, asked of losses: one finite value a row, lower is better. What is large enough to
 * count is measured against the curve’s own noise, so that a rule means the same for a smooth curve and a jumpy one.
 * The factors were set by planted curves (tests/training/curve-shape.test.ts): of flat noise at most 3 % is taken for
 * a trend, whatever the length.
 */

/** Fewer rows tell nothing of a curve’s noise. */
const FEWEST_ROWS = 6;
/** Up to here the first rows, which fall steeply, are a good part of the last third. */
const SHORT_ROWS = 8;

/** A training side with less than this share of the validation’s loss, or errors, fits far better than it generalises. */
const LARGE_GAP_BELOW = 0.5;
/** Standard deviations of the curve that such a gap must exceed as well. */
const GAP_SURE = 3;

/** Standard errors that a trend of the last third, and standard deviations that a step or a rise, must exceed. */
const TREND_SURE = 3.5;
const STEP_SURE = 6;
const RISE_SURE = 5;

/**
 * How far a value of the last third lies from the curve’s trend there, as a standard deviation in the metric’s unit;
 * undefined for fewer than six rows and where it would be no finite number. From second differences, which no straight
 * trend moves (Gasser, Sroka and Jennen-Steinmetz, 1986); 0 where they all bend one way, as a smooth curve’s do and
 * noise hardly ever does.
 */
export function jitterOf(losses: readonly number[]): number | undefined {
  if (losses.length < FEWEST_ROWS) return undefined;
  const tail = lastThird(losses);
  const bends = bendsOf(tail);
  if (bends.every((bend) => bend >= 0) || bends.every((bend) => bend <= 0)) return 0;
  const noise = noiseOf(tail);
  return Number.isFinite(noise) ? noise : undefined;
}

/**
 * Whether the training side did far better than `value`, its validation counterpart: less than half of the loss, or of the
 * errors where a share (or a percentage) of right answers is maximised, and a gap beyond the curve’s noise. Of metrics
 * without a known floor nothing can be said: false.
 */
export function hasLargeGap(training: number, value: number, direction: Direction, jitter = 0): boolean {
  const [seen, unseen] = [missingTo(training, value, direction), missingTo(value, training, direction)];
  if (seen === undefined || unseen === undefined) return false;
  return seen < LARGE_GAP_BELOW * unseen && unseen - seen > GAP_SURE * jitter;
}

/** What is missing to the best possible value: 0 of a loss, 1 or 100 of a share; undefined where that is not known. */
function missingTo(value: number, other: number, direction: Direction): number | undefined {
  if (Math.min(value, other) < 0) return undefined;
  if (direction === 'minimize') return value;
  const larger = Math.max(value, other);
  return larger > 100 ? undefined : (larger > 1 ? 100 : 1) - value;
}

/** The last value is several times as bad as the first, and lost more than was ever gained. */
export function endedFarWorse(losses: readonly number[]): boolean {
  const first = losses[0] ?? 0;
  const last = losses.at(-1) ?? 0;
  const worsening = last - first;
  const gained = first - leastOf(losses);
  return worsening > 2 * Math.min(Math.abs(first), Math.abs(last)) && worsening > gained;
}

/**
 * The end of training found the curve on its way down: a trend over the last third that had not levelled off in its
 * second half, or a step within the last tenth; each beyond the noise, and beyond 1 % of the value or 2 % of all that
 * was gained. Of up to eight rows: the last six fell one after another.
 */
export function isStillImproving(losses: readonly number[]): boolean {
  const last = losses.at(-1) ?? 0;
  const gained = (losses[0] ?? 0) - leastOf(losses);
  const relevant = Math.min(0.02 * gained, 0.01 * Math.abs(last));
  if (losses.length <= SHORT_ROWS && fellToTheEnd(losses, relevant)) return true;
  return losses.length >= FEWEST_ROWS && (fallsInLastThird(losses, relevant) || fallsInLastTenth(losses, relevant));
}

/**
 * The row after which the curve got worse for good, counted from 0; undefined when it did not. Means over a tenth of
 * the rows are compared, the lowest with the last: beyond the noise, and beyond 2 % of the value or 10 % of all that
 * was gained.
 */
export function worsenedSince(losses: readonly number[]): number | undefined {
  const width = Math.max(2, Math.ceil(losses.length / 10));
  const means = movingMeans(losses, width);
  const [first, least, last] = [losses[0], leastOf(means), means.at(-1)];
  if (losses.length < FEWEST_ROWS || first === undefined || last === undefined) return undefined;
  const start = means.indexOf(least);
  if (start + width >= means.length) return undefined; // the lowest mean and the last would share rows
  const noise = noiseOf(losses.slice(-Math.max(FEWEST_ROWS, Math.ceil(losses.length / 2))));
  const relevant = Math.min(0.1 * (first - least), 0.02 * Math.abs(least));
  const rise = last - least;
  return rise > relevant && rise > RISE_SURE * noise * Math.sqrt(2 / width) ? start : undefined;
}

function fellToTheEnd(losses: readonly number[], relevant: number): boolean {
  const end = losses.slice(-FEWEST_ROWS);
  const drops = end.slice(1).map((loss, index) => (end[index] ?? loss) - loss);
  return drops.every((drop) => drop > 0) && (drops.at(-1) ?? 0) > relevant;
}

function fallsInLastThird(losses: readonly number[], relevant: number): boolean {
  const tail = lastThird(losses);
  const { change, standardError } = trendOf(tail);
  const half = tail.slice(Math.floor(tail.length / 2));
  const quarter = Math.floor(half.length / 2);
  const lately = mean(half.slice(0, quarter)) - mean(half.slice(-quarter));
  // On a straight line `lately` is a quarter of the change; levelling off leaves less of it.
  return -change > relevant && -change > TREND_SURE * standardError && lately > -change / 16;
}

function fallsInLastTenth(losses: readonly number[], relevant: number): boolean {
  const width = Math.ceil(losses.length / 10);
  if (leastOf(losses) < leastOf(losses.slice(-width))) return false;
  const step = mean(losses.slice(-2 * width, -width)) - mean(losses.slice(-width));
  const noise = noiseOf(losses.slice(-Math.max(FEWEST_ROWS - 1, width) - width, -width));
  return step > relevant && step > STEP_SURE * noise * Math.sqrt(2 / width);
}

function lastThird(losses: readonly number[]): readonly number[] {
  return losses.slice(-Math.max(FEWEST_ROWS, Math.ceil(losses.length / 3)));
}

function noiseOf(values: readonly number[]): number {
  return Math.sqrt(mean(bendsOf(values).map((bend) => bend ** 2)) / 6);
}

/** Second differences. */
function bendsOf(values: readonly number[]): number[] {
  return values.slice(2).map((value, index) => (values[index] ?? 0) - 2 * (values[index + 1] ?? 0) + value);
}

/** The rise of the least-squares line from the first value to the last, and its standard error. */
function trendOf(values: readonly number[]): { change: number; standardError: number } {
  const length = values.length - 1;
  const average = mean(values);
  const offsets = values.map((_, index) => index - length / 2);
  const spread = sum(offsets.map((offset) => offset ** 2));
  const slope = sum(values.map((value, index) => (offsets[index] ?? 0) * (value - average))) / spread;
  const residuals = values.map((value, index) => (value - average - slope * (offsets[index] ?? 0)) ** 2);
  const deviation = Math.sqrt(sum(residuals) / (values.length - 2));
  return { change: slope * length, standardError: (deviation * length) / Math.sqrt(spread) };
}

function movingMeans(values: readonly number[], width: number): number[] {
  const means: number[] = [];
  let total = 0;
  values.forEach((value, index) => {
    total += value - (values[index - width] ?? 0);
    if (index >= width - 1) means.push(total / width);
  });
  return means;
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
