import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ablationsOf } from '../configs/ablations.ts';
import type { Settings } from '../configs/schema.ts';
import type { PythonEnvironment } from '../runners/python-environment.ts';
import { writeWhole } from '../study/durable-files.ts';
import type { BudgetLimits, EventBody } from '../study/events.ts';
import { ExperimentLog } from '../study/experiment-log.ts';
import type { HyperparameterValue } from '../study/hyperparameter.ts';
import { createRandom, drawSeed } from '../study/random.ts';
import { shellWords } from '../study/shell-words.ts';
import { createStudyFolder, newStudyId, studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import type { WarmStart } from '../study/warm-start.ts';
import type { Context } from './context.ts';
import { rememberStudy } from './known-studies.ts';
import { llmTrialsOf } from './llm-trials.ts';
import { assertNoSecrets } from './parse-sets.ts';
import { redactorOf } from './redactor-of.ts';
import { keptModels, type RoleModels } from './role-models.ts';
import { hashFiles, hashTask } from './same-code.ts';
import { formatStudyRecord, readStudyRecord, type StudyRecord } from './study-record.ts';
import { VERSION } from './version.ts';

export interface StudyPlan {
  readonly context: Context;
  readonly settings: Settings;
  readonly task: Task;
  readonly sets: Readonly<Record<string, HyperparameterValue>>;
  readonly model: string | null;
  /** Of each role; null when none takes part. */
  readonly models: RoleModels | null;
  readonly python: PythonEnvironment;
  readonly seed: number | undefined;
  readonly beginWithDefault: boolean;
  /** `--approve`: whoever goes on with the study asks too. */
  readonly isApproved: boolean;
  /** false: the base URL is an agenthpo.yaml’s, not the user’s own word. */
  readonly isOwnServer?: boolean;
  /** Hash by prompt name; empty when no model takes part. */
  readonly prompts: Readonly<Record<string, string>>;
  /** What is learned from beside the study’s own trials. */
  readonly warmStart?: WarmStart;
  /** US dollars; left out: no limit. */
  readonly maxUsd?: number;
  readonly say: (line: string) => void;
}

/** Makes the study’s folder, whole: study.yaml and a log with its first event. It is known as the user’s own by the time it appears. Answers the folder. */
export function beginStudy(plan: StudyPlan): string {
  const { settings, task, context } = plan;
  assertNoSecrets(plan.sets, redactorOf(context));
  const seed = plan.seed ?? drawSeed();
  const now = new Date();
  const random = createRandom(drawSeed());
  return createStudyFolder(
    resolve(context.workingFolder, settings.out),
    task.name,
    () => newStudyId(now, random),
    (folder, id) => {
      const record = recordOf(plan, id, seed, now);
      writeWhole(studyPaths(folder).settings, formatStudyRecord(record));
      const { log } = ExperimentLog.open(studyPaths(folder).log, () => now);
      log.append([startEvent(plan, record)]);
      log.close();
      rememberStudy(context, readStudyRecord(studyPaths(folder).settings), plan.say);
    },
  );
}

/** The budget of a study as the log records it. */
function budgetOf({ settings, maxUsd }: StudyPlan): BudgetLimits {
  const { trials, max_time, max_tokens, max_requests } = settings;
  return {
    trials,
    ...(max_time !== null && { maxSeconds: max_time }),
    ...(max_tokens !== null && { maxTokens: max_tokens }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(max_requests !== null && { maxRequests: max_requests }),
  };
}

function recordOf(plan: StudyPlan, study: string, seed: number, now: Date): StudyRecord {
  const { context, settings, task, sets, model, python, beginWithDefault } = plan;
  return {
    study,
    created: now.toISOString(),
    command: redactorOf(context)(repeatableCommand(context.commandLine, seed, plan.warmStart)),
    working_folder: resolve(context.workingFolder),
    task: {
      folder: task.folder,
      name: task.name,
      profile: task.profile?.name ?? null,
      set: { ...sets },
      files: hashFiles(task),
    },
    strategy: settings.strategy,
    overrule_share: settings.overrule_share,
    llm_trials: llmTrialsOf(settings),
    executor: settings.executor,
    model,
    models: keptModels(plan.models),
    tool_form: settings.tool_form,
    quirks: settings.quirks,
    base_url: settings.base_url,
    own_base_url: plan.isOwnServer ?? true,
    temperature: settings.temperature,
    request_timeout_seconds: settings.request_timeout,
    fallback_models: settings.fallback_models,
    retry_seconds: settings.retry_time,
    begin_with_default: beginWithDefault,
    approve: plan.isApproved,
    stand_in: task.dataIsStandIn,
    seed,
    timeout_seconds: settings.timeout,
    output_limit_bytes: settings.output_limit,
    python: { interpreter: python.interpreter, version: python.version, variables: { ...python.variables } },
    sandbox: settings.sandbox,
    ablations: ablationsOf(settings),
    versions: { agenthpo: VERSION, node: process.version.slice(1), python: python.version },
    git_commit: gitCommit(task.folder),
  };
}

function startEvent(plan: StudyPlan, record: StudyRecord): EventBody {
  const { task, model, prompts, warmStart } = plan;
  const { metric, direction, at, constraints } = task.objective;
  return {
    event: 'study-started',
    study: record.study,
    task: task.name,
    strategy: record.strategy,
    executor: record.executor,
    model,
    seed: record.seed,
    space: task.space.toSpec(),
    objective: { metric, direction, at, constraints: [...constraints] },
    ...(task.trivial !== undefined && { trivial: task.trivial }),
    profile: record.task.profile,
    budget: budgetOf(plan),
    codeHash: hashTask(task),
    prompts: { ...prompts },
    standIn: task.dataIsStandIn,
    versions: record.versions,
    ...(warmStart && { warmStart }),
  };
}

/** The command that begins the same study again: as typed, with the seed that was drawn; what was the latest study to learn from is another by then. */
function repeatableCommand(typed: readonly string[], seed: number, warmStart: WarmStart | undefined): string {
  const lasting = typed.map((word, index) => {
    if (warmStart === undefined) return word;
    if (word === 'latest' && typed[index - 1] === '--warm-start') return warmStart.study;
    return word === '--warm-start=latest' ? `--warm-start=${warmStart.study}` : word;
  });
  const hasSeed = typed.some((word) => word === '--seed' || word.startsWith('--seed='));
  return shellWords(hasSeed ? lasting : [...lasting, '--seed', String(seed)]);
}

/** The task folder’s commit, with `-dirty` when it has changes; null outside of a repository. */
function gitCommit(folder: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    });
  try {
    const commit = git('rev-parse', 'HEAD').trim();
    return git('status', '--porcelain', '--', '.').trim() === '' ? commit : `${commit}-dirty`;
  } catch {
    // No git, no repository, or one that git refuses to read: the study is tuned all the same, and says null.
    return null;
  }
}
