/** What every benchmark needs: medians, a line of the result, the machine it was measured on. */
import { cpus, loadavg } from 'node:os';

/** The middle value; of an even count the mean of the two in the middle. NaN for none. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Milliseconds that `work` takes. */
export async function elapsedMs(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One result: what was measured, the median, where the values lie, and the goal if it has one. */
export function report(what, values, { unit = 'ms', digits = 1, atMost, note = '' } = {}) {
  const middle = median(values);
  const range = values.length > 1 ? `  (${fixed(Math.min(...values))} to ${fixed(Math.max(...values))})` : '';
  const goal = atMost === undefined ? '' : `  goal <= ${atMost}: ${middle <= atMost ? 'met' : 'MISSED'}`;
  console.log(`${what.padEnd(58)} ${fixed(middle).padStart(8)} ${unit}${range}${goal}${note && `  ${note}`}`);
  return middle;

  function fixed(number) {
    return number.toFixed(digits);
  }
}

/** Numbers mean little without the machine and what else it was doing. */
export function describeMachine() {
  const load = loadavg().map((each) => each.toFixed(1));
  return `${cpus().length} x ${cpus()[0]?.model ?? 'CPU'}, load ${load.join(' ')}, Node ${process.version}`;
}
