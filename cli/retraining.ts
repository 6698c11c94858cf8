import type { Runner } from '../runners/runner.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import type { Interpreter } from '../tools/prepare-training.ts';
import type { SingleTraining } from '../tools/train-once.ts';
import { caveatLines } from './caveats.ts';
import { confirmFirstUse } from './confirm-first-use.ts';
import type { Context } from './context.ts';
import { prepareData } from './prepare-data.ts';
import { redactorOf } from './redactor-of.ts';
import { studyFilesOf } from './same-code.ts';
import { loadSettings } from './settings.ts';
import { studyPython } from './study-python.ts';
import { readStudyRecord, type StudyRecord } from './study-record.ts';
import { trainingRunner } from './training-sandbox.ts';
import { loadStudyTask } from './work-on-study.ts';

/** A study whose configurations are trained once more, as its trials were. */
export interface Retrained {
  readonly context: Context;
  /** The study’s. */
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
}

export interface Retraining extends Retrained {
  readonly python: Interpreter;
  readonly runner: Runner;
}

export function openRetrained(context: Context, folder: string): Retrained {
  const record = readStudyRecord(studyPaths(folder).settings);
  return { context, folder, record, task: loadStudyTask(record) };
}

/** Asks as `resume` does before anything of the folder runs, then makes the data and the runner ready. Throws `not-confirmed`. */
export async function prepareRetraining(
  study: Retrained,
  options: Record<string, unknown>,
  acceptsChanges = false,
): Promise<Retraining> {
  const { context, record, task } = study;
  const say = (line: string) => void context.stderr.write(`${line}\n`);
  const settings = loadSettings({ ...context, flags: options });
  const isSandboxed = record.sandbox || settings.sandbox;
  const use = { task, context, settings: { ...settings, sandbox: isSandboxed }, study: record };
  await confirmFirstUse({ ...use, isConfirmed: options['yes'] === true, acceptsChanges, say });
  const python = studyPython(record);
  for (const line of caveatLines(task)) say(line);
  await prepareData({ task, python, context, isSandboxed, say });
  return { ...study, python, runner: await trainingRunner({ task, python, context, isSandboxed }) };
}

/** What such a training shares with all others of its study; the rest is its own. */
export function singleTraining(
  { context, folder, record, task, python, runner }: Retraining,
  own: Pick<SingleTraining, 'folder' | 'attemptId' | 'hyperparameters' | 'trainingSeed'>,
): SingleTraining {
  return {
    task,
    python,
    runner,
    environment: context.environment,
    redact: redactorOf(context),
    studyFiles: studyFilesOf(folder, record),
    timeLimitSeconds: record.timeout_seconds ?? task.train.timeoutSeconds ?? 24 * 3600,
    outputLimitBytes: record.output_limit_bytes,
    ...own,
  };
}
