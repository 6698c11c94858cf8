import type { PriceList } from '../configs/prices.ts';
import type { OptunaPython } from '../runners/optuna/python.ts';
import type { Runner } from '../runners/runner.ts';
import type { BudgetLimits, StudyChanges } from '../study/events.ts';
import type { StudyEnd } from '../study/history.ts';
import { readInputs, removeInput } from '../study/inbox.ts';
import { Journal } from '../study/journal.ts';
import { loadTask } from '../study/load-task.ts';
import { lockStudy } from '../study/lock.ts';
import { runStudy } from '../study/run-study.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import type { Approver } from '../study/with-approval.ts';
import type { TrialSessionDeps } from '../tools/local-trial-session.ts';
import { createAgentLog } from './agent-log.ts';
import { connectModels } from './connect-models.ts';
import type { Context } from './context.ts';
import { keepBestOutputs } from './keep-outputs.ts';
import type { Progress } from './progress/progress.ts';
import { describeRecovery } from './progress/trial-words.ts';
import type { ShownStudy } from './progress-for.ts';
import { redactorOf } from './redactor-of.ts';
import { adoptFiles, assertSameCode, assertSameSpace, hashTask, type StudyOfTask, studyFilesOf } from './same-code.ts';
import { withChanges } from './study-changes.ts';
import { createRoles } from './study-parts.ts';
import { studyPython } from './study-python.ts';
import { readStudyRecord, type StudyRecord } from './study-record.ts';
import { reportStudy } from './study-report.ts';
import { trainingRunner } from './training-sandbox.ts';

export interface WorkOptions {
  readonly context: Context;
  readonly progress: (study: ShownStudy) => Progress;
  /** A study that was begun before: its new budget, what else it does otherwise, and whether changed code is accepted. */
  readonly resume?: {
    readonly budget: BudgetLimits;
    readonly changes: StudyChanges;
    readonly acceptNewCode: boolean;
  };
  /** Whether trainings run in a sandbox; left out: as the study began. */
  readonly isSandboxed?: boolean;
  /** Where trainings run; left out: on this machine. */
  readonly runner?: Runner;
  /** Where Optuna runs; left out: it does not propose. */
  readonly optuna?: OptunaPython;
  /** Asks before a proposed trial runs, while the view is held; left out: nobody is asked. */
  readonly approve?: (view: Pick<Progress, 'hold'>) => Approver;
  /** The user’s own prices of models. */
  readonly prices?: PriceList;
}

/** Works on the study in `folder` until it ends or pauses, and writes its report. The folder is locked meanwhile. */
export async function workOnStudy(folder: string, options: WorkOptions): Promise<{ journal: Journal; end: StudyEnd }> {
  const paths = studyPaths(folder);
  const begun = readStudyRecord(paths.settings);
  const task = loadStudyTask(begun);
  const lock = lockStudy(folder);
  const redact = redactorOf(options.context);
  const log = createAgentLog(paths.agentLog, redact);
  const onListenerError = (error: unknown) => log.warn({ error: String(error) }, 'a listener failed');
  const journal = new Journal(paths.log, { onListenerError, redact });
  const progress = options.progress({ folder, task, history: journal.history });
  // Libraries warn on the console (LangChain about a reply’s broken JSON), across the live view.
  console.warn = (...words: unknown[]) => log.warn({ words: words.map(String) }, 'library warning');
  try {
    const runner =
      options.runner ??
      (await trainingRunner({
        task,
        python: studyPython(begun),
        context: options.context,
        isSandboxed: options.isSandboxed ?? begun.sandbox,
      }));
    if (journal.torn !== undefined) progress.say('A crash cut the log’s last line; the line was removed.');
    journal.listen(progress);
    journal.listen(keepBestOutputs({ task, folder, history: journal.history }));
    const study = { folder, record: begun, task, journal };
    const kept = options.resume === undefined ? begun : resume({ ...study, ...options.resume });
    const record = withChanges(kept, journal.history.changes);
    const session = sessionDeps({
      ...study,
      record,
      progress,
      context: options.context,
      runner,
      warn: (error, what) => log.warn({ error: String(error) }, what),
    });
    const { context, prices = {} } = options;
    const say = (line: string) => progress.say(line);
    const access = connectModels({ record, journal, context, prices, log, say });
    const approver = options.approve?.(progress);
    const roles = await createRoles({ record, task, journal, session, access, say, approver, optuna: options.optuna });
    const end = await runStudy({
      ...roles,
      journal,
      currentCodeHash: () => hashTask(task, session.studyFiles),
      readInbox: () => takeInputs(folder, journal),
      signal: options.context.signal,
    });
    await reportStudy({ folder, record, task, history: journal.history, redact });
    return { journal, end };
  } finally {
    progress.stop();
    journal.close();
    lock.release();
  }
}

/** The task as the study knows it. Throws `task-invalid` when its space is no longer the one that the log records. */
export function loadStudyTask(record: StudyRecord): Task {
  const { folder, profile, set } = record.task;
  return loadTask(folder, { profile: profile ?? undefined, sets: set, standIn: record.stand_in });
}

interface SessionRequest {
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly journal: Journal;
  readonly progress: Progress;
  readonly context: Context;
  readonly runner: Runner;
  readonly warn: (error: unknown, what: string) => void;
}

function sessionDeps({
  folder,
  record,
  task,
  journal,
  progress,
  context,
  runner,
  warn,
}: SessionRequest): TrialSessionDeps {
  return {
    task,
    journal,
    runner,
    studyFolder: folder,
    python: studyPython(record),
    environment: context.environment,
    trainingSeed: record.seed,
    redact: redactorOf(context),
    studyFiles: studyFilesOf(folder, record),
    timeoutSeconds: record.timeout_seconds,
    outputLimitBytes: record.output_limit_bytes,
    onEpoch: (trial, row) => progress.epoch(trial, row),
    onRecovery: (trial, found) => progress.say(describeRecovery(trial, found)),
    onFollowError: (error) => warn(error, 'the training log could not be followed'),
  };
}

interface ResumeRequest extends NonNullable<WorkOptions['resume']> {
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly journal: Journal;
}

/** Answers the study’s record, which knows other files from here on when new code is accepted. */
function resume({ folder, record, task, journal, budget, changes, acceptNewCode }: ResumeRequest): StudyRecord {
  assertSameTask({ folder, record, task, history: journal.history }, acceptNewCode);
  const adopted = acceptNewCode ? adoptFiles({ folder, record, task }) : record;
  const codeHash = hashTask(task, studyFilesOf(folder, adopted));
  const isChanged = Object.keys(changes).length > 0;
  journal.record({ event: 'study-resumed', codeHash, budget, ...(isChanged && { changes }) });
  return adopted;
}

/** Throws `code-changed` when the task is not what the study began with; `acceptNewCode` lets its code differ. */
export function assertSameTask(study: StudyOfTask, acceptNewCode: boolean): void {
  assertSameSpace(study);
  if (acceptNewCode) return;
  const { study: id } = study.history.start;
  assertSameCode(
    study,
    `go on with it: agenthpo resume ${id} --new-code (earlier values are then no longer compared with new ones).`,
  );
}

/** Logs what lies in the inbox, then removes it; true when the study is asked to stop. */
function takeInputs(folder: string, journal: Journal): boolean {
  const known = new Set(journal.history.inputs.map((input) => input.id));
  const inputs = readInputs(folder);
  for (const { id, kind, payload } of inputs) {
    if (!known.has(id)) journal.record({ event: 'user-input', id, kind, payload });
    removeInput(folder, id);
  }
  return inputs.some(({ kind }) => kind === 'stop');
}
