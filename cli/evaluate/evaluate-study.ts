import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Journal } from '../../study/journal.ts';
import type { Direction } from '../../study/objective.ts';
import type { Redact } from '../../study/redact.ts';
import type { Trial } from '../../study/trial.ts';
import { attemptId } from '../../tools/local-trial-session.ts';
import { trainOnce } from '../../tools/train-once.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { formatMeasure } from '../numbers.ts';
import { openRetrained, prepareRetraining, type Retraining, singleTraining } from '../retraining.ts';
import { assertSameCode, hashTask, type StudyOfTask, studyFilesOf } from '../same-code.ts';
import { createSay } from '../say.ts';
import { reportStudy } from '../study-report.ts';
import { describeEvaluation, type EvaluationRow, leadOf, studyLead } from './describe-evaluation.ts';
import { describePairs, leadsOf, spreadOf } from './describe-repeats.ts';
import { type Judge, judgeOf, seedsOf } from './judge.ts';

interface OpenStudy {
  readonly context: Context;
  readonly folder: string;
  readonly journal: Journal;
  readonly redact: Redact;
}

/** Trains the best and the default under each seed; every seed is in the log before the next begins, and the report is written anew. */
export async function evaluateStudy(study: OpenStudy, options: Record<string, unknown>): Promise<number> {
  const { context, folder, journal, redact } = study;
  const { history } = journal;
  const retrained = openRetrained(context, folder);
  const { record, task } = retrained;
  const byObjective = options['objective'] === true;
  const judge = judgeOf(task, byObjective);
  const seeds = seedsOf(options, record.seed);
  const best = bestOf(history);
  const isNewCode = acceptCode({ folder, record, task, history }, options);
  const retraining = await prepareRetraining(retrained, options, isNewCode);
  const { metric, direction } = judge.objective;
  const by = byObjective ? 'objective' : 'test';
  const codeHash = isNewCode ? hashTask(task, studyFilesOf(folder, record)) : history.codeHash;
  const say = createSay(context, false);
  const evaluated: EvaluatedSeed[] = [];
  for (const [index, seed] of seeds.entries()) {
    const rows = await evaluateSeed({ ...retraining, judge, trainingSeed: seed }, history, best);
    const [bestValue, defaultValue] = [rows[0].value, rows[1].value];
    const { number: trial } = best;
    journal.record({ event: 'evaluation-finished', by, metric, seed, codeHash, trial, bestValue, defaultValue });
    evaluated.push({ seed, rows });
    if (seeds.length > 1) say(`${index + 1} of ${seeds.length}: seed ${seed}: ${rows.map(inWords).join(', ')}`);
  }
  // The report of changed code would be another study’s.
  if (!isNewCode) await reportStudy({ folder, record, task, history, redact });
  const lead = byObjective && !isNewCode ? studyLead(history, best) : null;
  const facts: Facts = { study: folder, standIn: task.dataIsStandIn, metric, direction, newCode: isNewCode };
  print(context, evaluated, { facts, studyLead: lead, asJson: options['json'] === true });
  return evaluated.every(({ rows }) => rows.every(({ value }) => value !== null)) ? EXIT.ok : EXIT.failed;
}

/** Both configurations under one seed. */
interface EvaluatedSeed {
  readonly seed: number;
  readonly rows: readonly [best: EvaluationRow, reference: EvaluationRow];
}

interface Facts {
  readonly study: string;
  readonly standIn: boolean;
  readonly metric: string;
  readonly direction: Direction;
  readonly newCode: boolean;
}

interface Printed {
  readonly facts: Facts;
  /** What the best gained in the study; null where that is another thing. */
  readonly studyLead: number | null;
  readonly asJson: boolean;
}

function print({ stdout }: Context, evaluated: readonly EvaluatedSeed[], printed: Printed): void {
  const [only, another] = evaluated;
  if (only === undefined) throw new Error('nothing was evaluated');
  const { json, lines } = another === undefined ? ofOneSeed(only, printed) : ofSeeds(evaluated, printed);
  stdout.write(printed.asJson ? jsonLine(json) : `${lines.join('\n')}\n`);
}

interface Shown {
  readonly json: object;
  readonly lines: readonly string[];
}

function ofOneSeed({ seed, rows }: EvaluatedSeed, { facts, studyLead }: Printed): Shown {
  const { metric, direction, newCode: isNewCode } = facts;
  const lead = leadOf(rows, direction, studyLead);
  return {
    json: { ...facts, seed, results: rows.map((row) => ({ ...row, metric })), ...lead },
    lines: describeEvaluation({ rows, lead, metric, direction, seed, isNewCode }),
  };
}

function ofSeeds(evaluated: readonly EvaluatedSeed[], { facts }: Printed): Shown {
  const pairs = evaluated.map(({ seed, rows: [best, reference] }) => {
    return { seed, best: best.value, default: reference.value, failure: best.failure ?? reference.failure };
  });
  const spread = {
    best: spreadOf(pairs.map(({ best }) => best)),
    default: spreadOf(pairs.map((pair) => pair.default)),
    lead: spreadOf(leadsOf(pairs, facts.direction)),
  };
  return { json: { ...facts, seeds: pairs, ...spread }, lines: describePairs(pairs, facts) };
}

function inWords({ which, value, failure }: EvaluationRow): string {
  return `${which} ${value === null ? (failure ?? 'no value') : formatMeasure(value)}`;
}

async function evaluateSeed(setup: Setup, history: History, best: Trial): Promise<EvaluatedSeed['rows']> {
  const defaults = history.space.defaults();
  return [
    await evaluateOne({ ...setup, which: 'best', trial: best.number, hyperparameters: best.proposal.hyperparameters }),
    await evaluateOne({ ...setup, which: 'default', trial: trialOf(history, defaults), hyperparameters: defaults }),
  ];
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

interface Setup extends Retraining {
  readonly judge: Judge;
  readonly trainingSeed: number;
}

interface Evaluation extends Setup {
  readonly which: EvaluationRow['which'];
  readonly trial: number | null;
  readonly hyperparameters: Hyperparameters;
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
