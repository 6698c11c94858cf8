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

/** Standard errors that a trend of the last third, and standard deviations that a step or a rise, must exceed. */
const TREND_SURE = 3.5;
const STEP_SURE = 6;
const RISE_SURE = 5;

/**
 * How far a value of the last third lies from the curve’s trend there, as a standard deviation in the metric’s unit;
 * undefined for fewer than six rows and where it would be no finite number. From second differences, which no straight trend moves (Gasser, Sroka and
 * Jennen-Steinmetz, 1986).
 */
export function jitterOf(losses: readonly number[]): number | undefined {
  const noise = losses.length < FEWEST_ROWS ? undefined : noiseOf(lastThird(losses));
  return Number.isFinite(noise) ? noise : undefined;
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
  const bends = values.slice(2).map((value, index) => (values[index] ?? 0) - 2 * (values[index + 1] ?? 0) + value);
  return Math.sqrt(mean(bends.map((bend) => bend ** 2)) / 6);
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
