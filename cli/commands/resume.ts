import { existsSync, statSync } from 'node:fs';
import { AgentHpoError } from '../../study/errors.ts';
import type { BudgetLimits } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { lockedError, lockOwner } from '../../study/lock.ts';
import { findStudy, studyLabel, studyPaths } from '../../study/study-folder.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import type { Context } from '../context.ts';
import { readHistory } from '../open-study.ts';
import { prepareData } from '../prepare-data.ts';
import { printOutcome } from '../print-outcome.ts';
import { progressFor } from '../progress-for.ts';
import { redactorOf } from '../redactor-of.ts';
import { loadSettings } from '../settings.ts';
import { studyPython } from '../study-python.ts';
import { readStudyRecord } from '../study-record.ts';
import { reportStudy } from '../study-report.ts';
import { assertSameTask, loadStudyTask, workOnStudy } from '../work-on-study.ts';

/** `agenthpo resume <study>`: go on where the log ends, with the budget of before unless a new one is given. */
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
  const budget = newBudget(history.budget, options, settings);
  const asJson = options['json'] === true;
  if (isDone(history, budget)) {
    if (hasReport(folder) || history.end === undefined) throw nothingLeft(folder, history);
    const record = readStudyRecord(studyPaths(folder).settings);
    await reportStudy({ folder, record, task: loadStudyTask(record), history, redact: redactorOf(context) });
    return printOutcome({ context, folder, history, end: history.end, asJson });
  }
  const record = readStudyRecord(studyPaths(folder).settings);
  const say = (line: string) => void context.stderr.write(`${line}\n`);
  const task = loadStudyTask(record);
  const python = studyPython(record);
  const acceptNewCode = options['newCode'] === true;
  // Before anything of the folder runs: changed code needs the user's word, which --new-code is.
  assertSameTask({ folder, record, task, history }, acceptNewCode);
  const asBegun = { ...settings, sandbox: record.sandbox, python: python.interpreter };
  if (acceptNewCode) await confirmFirstUse({ task, context, settings: asBegun, isConfirmed: true, say });
  await prepareData({ task, python, context, isSandboxed: record.sandbox, say });
  const resume = { budget, acceptNewCode };
  const progress = progressFor(context, options['plain'] === true);
  const { journal, end } = await workOnStudy(folder, { context, progress, resume });
  return printOutcome({ context, folder, history: journal.history, end, asJson });
}

function newBudget(
  before: BudgetLimits,
  options: Record<string, unknown>,
  settings: { trials: number; max_time: number | null; max_tokens: number | null },
): BudgetLimits {
  return {
    ...before,
    ...(options['trials'] !== undefined && { trials: settings.trials }),
    ...(options['maxTime'] !== undefined && { maxSeconds: settings.max_time ?? undefined }),
    ...(options['maxTokens'] !== undefined && { maxTokens: settings.max_tokens ?? undefined }),
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
    default:
      return false;
  }
}

/** Whether the report was written whole after the last event; a process killed on the way leaves none, or an older one. */
function hasReport(folder: string): boolean {
  const { log, reportHtml } = studyPaths(folder);
  return existsSync(reportHtml) && statSync(reportHtml).mtimeMs >= statSync(log).mtimeMs;
}

function nothingLeft(folder: string, { end, finished }: History): AgentHpoError {
  return new AgentHpoError({
    code: 'study-finished',
    message: `${studyLabel(folder)} is finished: ${end?.message ?? ''}`,
    hint:
      end?.reason === 'space-exhausted'
        ? 'Widen the ranges in task.yaml and begin a new study.'
        : `For more: agenthpo resume ${reference(folder)} ${MORE[end?.reason ?? ''] ?? `--trials ${finished.length + 10}`} (the new total).`,
  });
}

const MORE: Readonly<Record<string, string>> = {
  'time-budget': '--max-time 2h',
  'token-budget': '--max-tokens 100000',
};

function reference(folder: string): string {
  return studyLabel(folder).split('/').at(-1) ?? folder;
}
