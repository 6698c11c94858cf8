import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import type { EventOf } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Journal } from '../../study/journal.ts';
import type { Redact } from '../../study/redact.ts';
import { getsSeed } from '../../study/slots.ts';
import type { Trial } from '../../study/trial.ts';
import { attemptId } from '../../tools/attempt.ts';
import { trainOnce } from '../../tools/train-once.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../context.ts';
import { formatMeasure } from '../numbers.ts';
import { openRetrained, prepareRetraining, type Retraining, singleTraining } from '../retraining.ts';
import { assertSameCode, hashTask, type StudyOfTask, studyFilesOf } from '../same-code.ts';
import { createSay } from '../say.ts';
import { reportStudy } from '../study-report.ts';
import { type EvaluationRow, shownRows, studyLead } from './describe-evaluation.ts';
import { type Judge, judgeOf, seedsOf } from './judge.ts';
import { type EvaluatedSeed, printEvaluation } from './print-evaluation.ts';

interface OpenStudy {
  readonly context: Context;
  readonly folder: string;
  readonly journal: Journal;
  readonly redact: Redact;
}

/** Trains the best and the default under each seed, and writes the report anew. */
export async function evaluateStudy(study: OpenStudy, options: Record<string, unknown>): Promise<number> {
  const { context, folder, journal, redact } = study;
  const { history } = journal;
  const retrained = openRetrained(context, folder);
  const { record, task } = retrained;
  const byObjective = options['objective'] === true;
  const judge = judgeOf(task, byObjective);
  const say = createSay(context, options['plain'] === true);
  const seeds = seedsOf(options, record.seed);
  const best = bestOf(history);
  const isNewCode = acceptCode({ folder, record, task, history }, options);
  const codeHash = isNewCode ? hashTask(task, studyFilesOf(folder, record)) : history.codeHash;
  const retraining = await prepareRetraining(retrained, options, isNewCode);
  const by = byObjective ? 'objective' : 'test';
  const evaluated = await evaluateSeeds(seeds, { ...retraining, judge, journal, best, by, codeHash, say });
  // The report of changed code would be another study’s.
  if (!isNewCode) await reportStudy({ folder, record, task, history, redact });
  const { metric, direction } = judge.objective;
  const passesSeed = getsSeed(task.train);
  const facts = { study: folder, standIn: task.dataIsStandIn, metric, direction, newCode: isNewCode, passesSeed };
  const inStudy = byObjective && !isNewCode ? studyLead(history, best) : null;
  printEvaluation(context, evaluated, { facts, studyLead: inStudy, asJson: options['json'] === true });
  return evaluated.every(({ rows }) => rows.every(({ value }) => value !== null)) ? EXIT.ok : EXIT.failed;
}

interface Setup extends Retraining {
  readonly judge: Judge;
  readonly journal: Journal;
  readonly best: Trial;
  readonly by: EventOf<'evaluation-finished'>['by'];
  readonly codeHash: string;
  readonly say: (line: string) => void;
}

/** One after another; every seed is in the log before the next begins. */
async function evaluateSeeds(seeds: readonly number[], setup: Setup): Promise<EvaluatedSeed[]> {
  const { journal, judge, best, by, codeHash, say } = setup;
  const { metric } = judge.objective;
  const evaluated: EvaluatedSeed[] = [];
  for (const [index, seed] of seeds.entries()) {
    const rows = await evaluateSeed(seed, setup);
    const [{ value: bestValue }, { value: defaultValue }] = rows;
    const trial = best.number;
    journal.record({ event: 'evaluation-finished', by, metric, seed, codeHash, trial, bestValue, defaultValue });
    evaluated.push({ seed, rows });
    if (seeds.length > 1)
      say(`${index + 1} of ${seeds.length}: seed ${seed}: ${shownRows(rows).map(inWords).join(', ')}`);
  }
  return evaluated;
}

/** Where the defaults are the best, one training stands for both. */
async function evaluateSeed(seed: number, setup: Setup): Promise<EvaluatedSeed['rows']> {
  const { best, journal } = setup;
  const { history } = journal;
  const defaults = history.space.defaults();
  const own = { ...setup, trainingSeed: seed };
  const { number: trial, proposal } = best;
  const ofBest = await evaluateOne({ ...own, which: 'best', trial, hyperparameters: proposal.hyperparameters });
  const defaultTrial = trialOf(history, defaults);
  if (defaultTrial === trial) return [ofBest, { ...ofBest, which: 'default' }];
  return [ofBest, await evaluateOne({ ...own, which: 'default', trial: defaultTrial, hyperparameters: defaults })];
}

function inWords({ which, value, failure }: EvaluationRow): string {
  return `${which} ${value === null ? (failure ?? 'no value') : formatMeasure(value)}`;
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

interface Evaluation extends Retraining {
  readonly judge: Judge;
  readonly trainingSeed: number;
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
