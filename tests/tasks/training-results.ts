import { explainFailure } from '../../training/failure-cause.ts';
import { parseTrainingLog } from '../../training/read-training-log.ts';
import type { LogRow } from '../../training/training-log.ts';

/** The metrics of each row of a training log, by name. */
export function rowsOf(log: string): readonly LogRow[] {
  return parseTrainingLog(log, 'jsonl').rows;
}

/** A training log without the seconds that things took. */
export function withoutTime(log: string): string {
  return log.replaceAll(/"seconds": [\d.e-]+/g, '');
}

/** What agenthpo takes for the cause of a failure that ended with these words. */
export function causeOf(stderr: string): string {
  return explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause;
}
