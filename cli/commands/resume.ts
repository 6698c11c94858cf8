import { existsSync, statSync } from 'node:fs';
import type { PricedModel } from '../../configs/prices.ts';
import type { Settings } from '../../configs/schema.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { BudgetLimits } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { lockedError, lockOwner } from '../../study/lock.ts';
import { findStudy, studyLabel, studyPaths } from '../../study/study-folder.ts';
import { askBeforeTrials, assertAskable } from '../approve.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import type { Context } from '../context.ts';
import { keySources, pricedModels } from '../model-choice.ts';
import { moneyLimit, priceModels } from '../money.ts';
import { readHistory } from '../open-study.ts';
import { optunaPython } from '../optuna-python.ts';
import { prepareData } from '../prepare-data.ts';
import { printOutcome } from '../print-outcome.ts';
import { progressFor } from '../progress-for.ts';
import { raisedLimits } from '../raised-limit.ts';
import { redactorOf } from '../redactor-of.ts';
import { roleModelsOf } from '../role-models.ts';
import { createSay } from '../say.ts';
import { loadSettings } from '../settings.ts';
import { studyPython } from '../study-python.ts';
import { readStudyRecord, type StudyRecord } from '../study-record.ts';
import { reportStudy } from '../study-report.ts';
import { assertSameTask, loadStudyTask, workOnStudy } from '../work-on-study.ts';

/** `agenthpo resume <study>`: go on where the log ends, with the budget of before unless a new one is given. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const isApproved = options['approve'] === true;
  if (isApproved) assertAskable(context);
  const settings = loadSettings({ ...context, flags: options });
  const folder = findStudy(reference, settings.out, context.workingFolder);
  const owner = lockOwner(folder);
  if (owner !== undefined) throw lockedError(folder, owner);
  const history = readHistory(folder);
  const record = readStudyRecord(studyPaths(folder).settings);
  const budget = newBudget(history.budget, options, settings, modelsOf(record, context));
  const asJson = options['json'] === true;
  const isPlain = options['plain'] === true;
  if (isDone(history, budget)) {
    if (hasReport(folder) || history.end === undefined) throw nothingLeft(folder, history);
    await reportStudy({ folder, record, task: loadStudyTask(record), history, redact: redactorOf(context) });
    return printOutcome({ context, folder, history, end: history.end, asJson, isPlain });
  }
  const say = createSay(context, isPlain);
  const task = loadStudyTask(record);
  const python = studyPython(record);
  const acceptNewCode = options['newCode'] === true;
  // Before anything of the folder runs: changed code needs the user's word, which --new-code is.
  assertSameTask({ folder, record, task, history }, acceptNewCode);
  const isSandboxed = record.sandbox || settings.sandbox;
  const use = { task, context, settings: { ...settings, sandbox: isSandboxed }, study: record };
  await confirmFirstUse({ ...use, isConfirmed: options['yes'] === true, acceptsChanges: acceptNewCode, say });
  const { strategy } = record;
  const optuna = await optunaPython({ strategy, python, task, isSandboxed, context, settings, isPlain, say });
  await prepareData({ task, python, context, isSandboxed, say });
  const resume = { budget, acceptNewCode };
  const progress = progressFor(context, isPlain);
  const { journal, end } = await workOnStudy(folder, {
    context,
    isSandboxed,
    progress,
    resume,
    prices: settings.prices,
    optuna,
    ...(isApproved && { approve: askBeforeTrials(context) }),
  });
  return printOutcome({ context, folder, history: journal.history, end, asJson, isPlain });
}

function newBudget(
  before: BudgetLimits,
  options: Record<string, unknown>,
  settings: Settings,
  models: readonly PricedModel[],
): BudgetLimits {
  return {
    ...before,
    ...(options['trials'] !== undefined && { trials: settings.trials }),
    ...(options['maxTime'] !== undefined && { maxSeconds: settings.max_time ?? undefined }),
    ...(options['maxTokens'] !== undefined && { maxTokens: settings.max_tokens ?? undefined }),
    ...(options['maxCost'] !== undefined && { maxUsd: moneyLimit(settings.max_cost, priceModels(models, settings)) }),
    ...(options['maxRequests'] !== undefined && { maxRequests: settings.max_requests ?? undefined }),
  };
}

function modelsOf(record: StudyRecord, context: Context): PricedModel[] {
  return pricedModels(roleModelsOf(record) ?? null, record, keySources(context));
}

/** A study that ended and whose budget is not raised would only repeat its end (and pay for another analysis). */
function isDone({ end, finished, budget: before }: History, { trials = Infinity, ...budget }: BudgetLimits): boolean {
  switch (end?.reason) {
    case 'space-exhausted':
      return true;
    case 'trial-budget':
      return finished.length >= trials;
    case 'time-budget':
      return (budget.maxSeconds ?? Infinity) <= (before.maxSeconds ?? 0);
    case 'token-budget':
      return (budget.maxTokens ?? Infinity) <= (before.maxTokens ?? 0);
    case 'cost-budget':
      return (budget.maxUsd ?? Infinity) <= (before.maxUsd ?? 0);
    case 'request-budget':
      return (budget.maxRequests ?? Infinity) <= (before.maxRequests ?? 0);
    default:
      return false;
  }
}

/** Whether the report was written whole after the last event; a process killed on the way leaves none, or an older one. */
function hasReport(folder: string): boolean {
  const { log, reportHtml } = studyPaths(folder);
  return existsSync(reportHtml) && statSync(reportHtml).mtimeMs >= statSync(log).mtimeMs;
}

function nothingLeft(folder: string, history: History): AgentHpoError {
  const { end, finished } = history;
  const limits = raisedLimits(history);
  const isForTrials = end?.reason === 'trial-budget' || limits.length === 0;
  const flags = [...(isForTrials ? [`--trials ${finished.length + 10}`] : []), ...limits];
  return new AgentHpoError({
    code: 'study-finished',
    message: `${studyLabel(folder)} is finished: ${end?.message ?? ''}`,
    hint:
      end?.reason === 'space-exhausted'
        ? 'Widen the ranges in task.yaml and begin a new study.'
        : `For more: agenthpo resume ${reference(folder)} ${flags.join(' ')} (${flags.length === 1 ? 'the new total' : 'the new totals'}).`,
  });
}

function reference(folder: string): string {
  return studyLabel(folder).split('/').at(-1) ?? folder;
}
