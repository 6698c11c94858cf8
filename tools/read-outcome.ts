import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOutcome } from '../runners/runner.ts';
import type { Redact } from '../study/redact.ts';
import type { Task } from '../study/task.ts';
import type { Failure, TrialResult } from '../study/trial.ts';
import { digestCurve } from '../training/curve-digest.ts';
import { explainFailure, explainMissingValue } from '../training/failure-cause.ts';
import { hintFor, type TrainingFacts } from '../training/failure-hint.ts';
import { type ObjectiveProblem, readObjective } from '../training/objective-value.ts';
import { parseTrainingLog } from '../training/read-training-log.ts';
import type { TrainingLog } from '../training/training-log.ts';
import { explainMissingMetric } from './missing-metric.ts';
import { isOwnFile } from './own-file.ts';

/** More of a training log than this is not read; its end is what counts. */
const LOG_LIMIT_BYTES = 64 * 1024 * 1024;
const OUTPUT_TAIL_BYTES = 64 * 1024;
/** What is read before the tail for the redaction alone: a key that the tail begins within is seen whole. */
const LEAD_BYTES = 20_000;
const OUTPUT_FILE = 'stdout.log';

/** Where a task’s training log lies in a working copy. */
export function trainingLogFile(task: Task, folder: string): string {
  return join(folder, task.train.log?.path ?? OUTPUT_FILE);
}

/** The training log of this folder’s run; empty when the script wrote none, or wrote it somewhere else. */
export function readTrainingLogOf(task: Task, folder: string): TrainingLog {
  const file = trainingLogFile(task, folder);
  if (!existsSync(file)) return { rows: [], problems: [] };
  if (!isOwnFile(file, folder))
    return { rows: [], problems: [`${task.train.log?.path} is no file of the trial’s own folder and was not read`] };
  return parseTrainingLog(readTail(file, LOG_LIMIT_BYTES), task.train.log?.format ?? 'lines', task.train.pattern);
}

/** The end of what the training printed, without secrets. */
export function outputTail(folder: string, redact: Redact): string {
  const file = join(folder, OUTPUT_FILE);
  if (!isOwnFile(file, folder)) return '';
  const text = redact(readTail(file, LEAD_BYTES + OUTPUT_TAIL_BYTES));
  const isWhole = statSync(file).size <= LEAD_BYTES + OUTPUT_TAIL_BYTES;
  // The first word may be the end of a key that nothing shows to be one.
  return text.slice(Math.max(isWhole ? 0 : text.search(/\s/), text.length - OUTPUT_TAIL_BYTES));
}

/** What a training’s end means for its trial. The value is read by code from the trial’s own folder, and only a clean exit with a finite value is `complete`. What it quotes of the output is redacted. */
export function readOutcome(task: Task, folder: string, outcome: RunOutcome, redact: Redact): TrialResult {
  if (outcome.outcome === 'interrupted' || outcome.outcome === 'lost') return { state: 'interrupted', metrics: {} };
  const { rows, problems } = readTrainingLogOf(task, folder);
  const curve = digestCurve(rows, task.objective);
  const measured = resourceMetrics(outcome);
  const failed = (failure: Failure): TrialResult => ({
    state: outcome.outcome === 'timed-out' ? 'timed-out' : 'failed',
    metrics: measured,
    failure,
    ...(curve && { curve }),
  });
  const output = outputTail(folder, redact);
  const found = readObjective(rows, task.objective);
  if (outcome.outcome !== 'exited' || outcome.exitCode !== 0) {
    const failure = explainFailure({ ...outcome, output });
    return failed(withHint(failure, hintFor(failure, factsOf(task, found))));
  }
  if ('problem' in found) return failed(explainNoValue(found, { task, folder, output, rows, problems }));
  return { state: 'complete', metrics: { ...found.metrics, ...measured }, value: found.value, ...(curve && { curve }) };
}

interface EndedTraining {
  readonly task: Task;
  readonly folder: string;
  readonly output: string;
  readonly rows: TrainingLog['rows'];
  readonly problems: TrainingLog['problems'];
}

function explainNoValue(found: ObjectiveProblem, { task, folder, output, rows, problems }: EndedTraining): Failure {
  if (found.problem === 'not-finite')
    return withHint(
      explainMissingValue(withNotes(found, problems), output),
      rows.some((row) => Number.isFinite(row[task.objective.metric]))
        ? 'These hyperparameters make the training diverge: a lower learning rate is the usual cure.'
        : `It is so from the first row on, which no hyperparameter explains: look in ${task.train.script} for how ${task.objective.metric} is computed (a division by zero, NaN in the data).`,
    );
  const { message, hint } = explainMissingMetric(rows, { task, folder, output });
  return withHint(explainMissingValue(withNotes({ ...found, message }, problems), output), hint);
}

function factsOf({ train, environment, objective }: Task, found: ReturnType<typeof readObjective>): TrainingFacts {
  return {
    script: train.script,
    config: train.config,
    args: train.args,
    requirements: environment.requirements,
    recorded: 'problem' in found ? undefined : `${objective.metric} = ${found.value}`,
  };
}

function withHint(failure: Failure, hint: string | undefined): Failure {
  return hint === undefined ? failure : { ...failure, hint };
}

/** What could not be read of the log may be just where the metric stood. */
function withNotes(found: ObjectiveProblem, problems: readonly string[]): ObjectiveProblem {
  return problems.length === 0 ? found : { ...found, message: `${found.message} (${problems.join('; ')})` };
}

/** Wall time and peak memory as metrics, so that constraints can name them. */
function resourceMetrics({ wallSeconds, peakMemoryBytes }: RunOutcome): Record<string, number> {
  return {
    ...(wallSeconds !== null && { wall_seconds: wallSeconds }),
    ...(peakMemoryBytes !== null && { peak_memory_mib: Math.round(peakMemoryBytes / 1024 ** 2) }),
  };
}

function readTail(file: string, limitBytes: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, limitBytes);
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, size - length);
    return bytes.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
