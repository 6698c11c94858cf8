import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Settings } from '../../configs/schema.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { BudgetLimits, StudyChanges } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { lockedError, lockOwner } from '../../study/lock.ts';
import { findStudy, studyLabel, studyPaths } from '../../study/study-folder.ts';
import type { Task } from '../../study/task.ts';
import { askBeforeTrials, assertAskable } from '../approve.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import type { Context } from '../context.ts';
import { isKnownStudy, rememberStudy } from '../known-studies.ts';
import { readHistory } from '../open-study.ts';
import { optunaPython } from '../optuna-python.ts';
import { assertOwnServerOf } from '../own-server.ts';
import { type ModelPlan, planModels } from '../plan-models.ts';
import { prepareData } from '../prepare-data.ts';
import { printOutcome } from '../print-outcome.ts';
import { progressFor } from '../progress-for.ts';
import { raisedLimits } from '../raised-limit.ts';
import { redactorOf } from '../redactor-of.ts';
import { keptModels } from '../role-models.ts';
import { createSay } from '../say.ts';
import { loadSettings } from '../settings.ts';
import { changesModels, changesOf, modelSettingsOf, withChanges } from '../study-changes.ts';
import { studyPython } from '../study-python.ts';
import { readStudyRecord, type StudyRecord } from '../study-record.ts';
import { reportStudy } from '../study-report.ts';
import { assertSameTask, loadStudyTask, workOnStudy } from '../work-on-study.ts';

/** `agenthpo resume <study>`: go on where the log ends, with the budget and the models of before unless new ones are given. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const settings = loadSettings({ ...context, flags: options });
  const folder = findStudy(reference, settings.out, context.workingFolder);
  const owner = lockOwner(folder);
  if (owner !== undefined) throw lockedError(folder, owner);
  const history = readHistory(folder);
  const before = withChanges(readStudyRecord(studyPaths(folder).settings), history.changes);
  const task = loadStudyTask(before);
  const asked = changesOf(options, settings, before);
  assertOwnServerOf(withChanges(before, asked), context.environment);
  const plan = planResume({ context, options, settings, history, task, before, asked });
  const changes = resolved(asked, plan);
  const record = withChanges(before, changes);
  if (record.approve) assertAskable(context, `agenthpo resume ${basename(folder)} --no-approve`);
  const budget = newBudget(history.budget, options, settings, plan.maxUsd);
  const asJson = options['json'] === true;
  const isPlain = options['plain'] === true;
  if (isDone(history, budget)) {
    if (hasReport(folder) || history.end === undefined) throw nothingLeft(folder, history);
    await reportStudy({ folder, record, task, history, redact: redactorOf(context) });
    return printOutcome({ context, folder, history, end: history.end, asJson, isPlain });
  }
  const say = createSay(context, isPlain);
  const python = studyPython(record);
  const acceptNewCode = options['newCode'] === true;
  // Before anything of the folder runs: changed code needs the user's word, which --new-code is.
  assertSameTask({ folder, record, task, history }, acceptNewCode);
  await plan.assertUsable();
  if (changesModels(changes)) for (const line of await plan.words(true)) say(line);
  // Who changes a study of their own knows it as it is then, too.
  if (isKnownStudy(context, before)) rememberStudy(context, record, say);
  const isSandboxed = record.sandbox || settings.sandbox;
  const use = { task, context, settings: { ...settings, sandbox: isSandboxed }, study: record };
  await confirmFirstUse({ ...use, isConfirmed: options['yes'] === true, acceptsChanges: acceptNewCode, say });
  await plan.assertAnswers();
  const { strategy } = record;
  const optuna = await optunaPython({ strategy, python, task, isSandboxed, context, settings, isPlain, say });
  await prepareData({ task, python, context, isSandboxed, say });
  const progress = progressFor(context, isPlain);
  const { journal, end } = await workOnStudy(folder, {
    context,
    isSandboxed,
    progress,
    resume: { budget, changes, acceptNewCode },
    prices: settings.prices,
    optuna,
    ...(record.approve && { approve: askBeforeTrials(context) }),
  });
  return printOutcome({ context, folder, history: journal.history, end, asJson, isPlain });
}

interface ResumePlan {
  readonly context: Context;
  readonly options: Record<string, unknown>;
  readonly settings: Settings;
  readonly history: History;
  readonly task: Task;
  /** As the study stands, and what is asked of it now. */
  readonly before: StudyRecord;
  readonly asked: StudyChanges;
}

/** The models of the study as it goes on. Their limit in money is the one of before, unless it or they change. */
function planResume({ context, options, settings, history, task, before, asked }: ResumePlan): ModelPlan {
  const { maxUsd = null } = history.budget;
  const unsaid = changesModels(asked) ? (maxUsd ?? 'auto') : null;
  const max_cost = options['maxCost'] === undefined ? unsaid : settings.max_cost;
  const { begin_with_default: beginWithDefault } = before;
  const models = modelSettingsOf(withChanges(before, asked));
  return planModels({
    context,
    settings: { ...settings, ...models, max_cost },
    task,
    beginWithDefault,
  });
}

/** The changes with the models’ names as they were chosen: `auto` stands for one. */
function resolved(changes: StudyChanges, { model, models }: ModelPlan): StudyChanges {
  if (model === null || (changes.model === undefined && changes.models === undefined)) return changes;
  return { ...changes, model, models: keptModels(models) };
}

function newBudget(
  before: BudgetLimits,
  options: Record<string, unknown>,
  settings: Settings,
  maxUsd: number | undefined,
): BudgetLimits {
  return {
    ...before,
    ...(options['trials'] !== undefined && { trials: settings.trials }),
    ...(options['maxTime'] !== undefined && { maxSeconds: settings.max_time ?? undefined }),
    ...(options['maxTokens'] !== undefined && { maxTokens: settings.max_tokens ?? undefined }),
    ...((options['maxCost'] !== undefined || maxUsd !== undefined) && { maxUsd }),
    ...(options['maxRequests'] !== undefined && { maxRequests: settings.max_requests ?? undefined }),
  };
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
        : `For more: agenthpo resume ${basename(folder)} ${flags.join(' ')} (${flags.length === 1 ? 'the new total' : 'the new totals'}).`,
  });
}
