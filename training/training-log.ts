/**
 * One row of a training log: its numbers by name, in the order the script wrote them. NaN and ±Infinity are kept as
 * such (a script that reports NaN said something); everything that is not a number is left out.
 */
export type LogRow = Readonly<Record<string, number>>;

/** How a training log is written. `lines`: `METRIC name=value` (and a declared pattern) on stdout or in a text file. */
export type LogFormat = 'jsonl' | 'csv' | 'lines';

export interface TrainingLog {
  readonly rows: readonly LogRow[];
  /** Lines that could not be read, as `line 7: …`, at most five of them. */
  readonly problems: readonly string[];
}
