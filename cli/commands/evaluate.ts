import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { Journal } from '../../study/journal.ts';
import { lockStudy } from '../../study/lock.ts';
import type { Objective } from '../../study/objective.ts';
import type { Redact } from '../../study/redact.ts';
import { studyPaths } from '../../study/study-folder.ts';
import type { Task } from '../../study/task.ts';
import type { Trial } from '../../study/trial.ts';
import { attemptId } from '../../tools/local-trial-session.ts';
import { trainOnce } from '../../tools/train-once.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../context.ts';
import {
  describeEvaluation,
  type EvaluationReport,
  type EvaluationRow,
  leadOf,
  studyLead,
} from '../describe-evaluation.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy } from '../open-study.ts';
import { numberOption } from '../options.ts';
import { redactorOf } from '../redactor-of.ts';
import { openRetrained, prepareRetraining, type Retraining, singleTraining } from '../retraining.ts';
import { assertSameCode, hashTask, type StudyOfTask, studyFilesOf } from '../same-code.ts';
import { reportStudy } from '../study-report.ts';

/**
 * `agenthpo evaluate <study>`: the best and the default configuration, trained once more each, and their test metric. With
 * `--objective` they are judged by the study’s own metric instead, and with `--seed` trained with another seed: what
 * changes between seeds is the noise that a lead has to exceed. The values go into the study’s log, and from there into
 * its report.
 */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder } = openStudy(context, reference, options);
  const lock = lockStudy(folder);
  const redact = redactorOf(context);
  const journal = new Journal(studyPaths(folder).log, { redact });
  try {
    return await evaluateStudy({ context, folder, journal, redact }, options);
  } finally {
    journal.close();
    lock.release();
  }
}

interface OpenStudy {
  readonly context: Context;
  readonly folder: string;
  readonly journal: Journal;
  readonly redact: Redact;
}

async function evaluateStudy(study: OpenStudy, options: Record<string, unknown>): Promise<number> {
  const { context, folder, journal, redact } = study;
  const { history } = journal;
  const retrained = openRetrained(context, folder);
  const { record, task } = retrained;
  const byObjective = options['objective'] === true;
  const judge = judgeOf(task, byObjective);
  const best = bestOf(history);
  const isNewCode = acceptCode({ folder, record, task, history }, options);
  const retraining = await prepareRetraining(retrained, options, isNewCode);
  const trainingSeed = numberOption('--seed', options['seed']) ?? record.seed;
  const setup = { ...retraining, judge, trainingSeed };
  const defaults = history.space.defaults();
  const rows = [
    await evaluateOne({ ...setup, which: 'best', trial: best.number, hyperparameters: best.proposal.hyperparameters }),
    await evaluateOne({ ...setup, which: 'default', trial: trialOf(history, defaults), hyperparameters: defaults }),
  ] as const;
  const { metric, direction } = judge.objective;
  journal.record({
    event: 'evaluation-finished',
    by: byObjective ? 'objective' : 'test',
    metric,
    seed: trainingSeed,
    codeHash: isNewCode ? hashTask(task, studyFilesOf(folder, record)) : history.codeHash,
    trial: best.number,
    bestValue: rows[0].value,
    defaultValue: rows[1].value,
  });
  // The report of changed code would be another study’s.
  if (!isNewCode) await reportStudy({ folder, record, task, history, redact });
  const lead = leadOf(rows, direction, byObjective && !isNewCode ? studyLead(history, best) : null);
  const report = { rows, lead, metric, direction, seed: trainingSeed, isNewCode };
  context.stdout.write(
    options['json'] === true ? jsonLine(jsonOf(folder, report)) : `${describeEvaluation(report).join('\n')}\n`,
  );
  return rows.every(({ value }) => value !== null) ? EXIT.ok : EXIT.failed;
}

function jsonOf(study: string, { rows, lead, metric, direction, seed, isNewCode }: EvaluationReport) {
  return {
    study,
    metric,
    direction,
    seed,
    newCode: isNewCode,
    results: rows.map((row) => ({ ...row, metric })),
    ...lead,
  };
}

/** Whether the task’s code is another than the study’s, which only `--new-code` lets pass: throws `code-changed` otherwise. */
function acceptCode(study: StudyOfTask, options: Record<string, unknown>): boolean {
  const { folder, record, task, history } = study;
  if (options['newCode'] === true) return hashTask(task, studyFilesOf(folder, record)) !== history.codeHash;
  const again = `agenthpo evaluate ${history.start.study}${options['objective'] === true ? ' --objective' : ''} --new-code`;
  assertSameCode(study, `go on with it: ${again} (the best and the default are then both trained with it).`);
  return false;
}

function bestOf({ incumbent }: History): Trial {
  if (incumbent !== undefined) return incumbent;
  throw new AgentHpoError({
    code: 'usage',
    message: 'The study has no complete trial to evaluate.',
    hint: 'agenthpo resume goes on with it.',
  });
}

/** The trial that tried these values, with the code that is compared; null when none did. */
function trialOf(history: History, hyperparameters: Hyperparameters): number | null {
  const found = history.current.find(({ proposal }) => history.space.isSame(proposal.hyperparameters, hyperparameters));
  return found?.number ?? null;
}

/** What the trainings are judged by, and the words that make the script compute it. */
interface Judge {
  readonly objective: Objective;
  readonly extraArguments: readonly string[];
}

function judgeOf(task: Task, byObjective: boolean): Judge {
  if (!byObjective && task.evaluate === undefined)
    throw new AgentHpoError({
      code: 'task-invalid',
      message: `${task.name} does not say how to evaluate.`,
      hint: 'Add to task.yaml: evaluate: { args: "--evaluate", metric: test_loss } with what its script understands; or give --objective to judge by the study’s own metric.',
    });
  if (byObjective || task.evaluate === undefined)
    return { objective: { ...task.objective, constraints: [] }, extraArguments: [] };
  const { args, metric } = task.evaluate;
  return { objective: { ...task.objective, metric, at: 'last', constraints: [] }, extraArguments: args };
}

interface Evaluation extends Retraining {
  readonly which: EvaluationRow['which'];
  readonly trial: number | null;
  readonly hyperparameters: Hyperparameters;
  readonly judge: Judge;
  readonly trainingSeed: number;
}

async function evaluateOne(evaluation: Evaluation): Promise<EvaluationRow> {
  const { context, folder, which, trial, hyperparameters, judge, trainingSeed } = evaluation;
  const workingCopy = join(folder, 'evaluation', which);
  rmSync(workingCopy, { recursive: true, force: true });
  const own = { folder: workingCopy, attemptId: attemptId(workingCopy, 0, Date.now()), hyperparameters, trainingSeed };
  const result = await trainOnce({ ...singleTraining(evaluation, own), ...judge }, context.signal);
  context.signal.throwIfAborted();
  return { which, trial, hyperparameters, value: result.value ?? null, failure: result.failure?.message ?? null };
}
