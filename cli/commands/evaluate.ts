import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '../../runners/runner.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Objective } from '../../study/objective.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import { attemptId } from '../../tools/local-trial-session.ts';
import type { Interpreter } from '../../tools/prepare-training.ts';
import { trainOnce } from '../../tools/train-once.ts';
import { caveatLines } from '../caveats.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { formatMeasure } from '../numbers.ts';
import { openStudy } from '../open-study.ts';
import { numberOption } from '../options.ts';
import { prepareData } from '../prepare-data.ts';
import { studyPython } from '../study-python.ts';
import type { StudyRecord } from '../study-record.ts';
import { trainingRunner } from '../training-sandbox.ts';
import { hashTask, loadStudyTask } from '../work-on-study.ts';

/**
 * `agenthpo evaluate <study>`: the best and the default configuration, trained once more each, and their test metric. With
 * `--objective` they are judged by the study’s own metric instead, and with `--seed` trained with another seed: what
 * changes between seeds is the noise that a lead has to exceed.
 */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history, record } = openStudy(context, reference, options);
  const task = loadStudyTask(record);
  const judge = judgeOf(task, history, options['objective'] === true);
  const trainingSeed = numberOption('--seed', options['seed']) ?? record.seed;
  const { metric } = judge.objective;
  assertSameCode(task, history);
  const python = studyPython(record);
  const say = (line: string) => void context.stderr.write(`${line}\n`);
  for (const line of caveatLines(task)) say(line);
  const isSandboxed = record.sandbox || options['sandbox'] === true;
  await prepareData({ task, python, context, isSandboxed, say });
  const runner = await trainingRunner({ task, python, context, isSandboxed });
  const configurations = { best: history.incumbent?.proposal.hyperparameters ?? {}, default: task.space.defaults() };
  const rows = [];
  for (const [which, hyperparameters] of Object.entries(configurations)) {
    const result = await evaluateOne({
      context,
      folder,
      record,
      task,
      python,
      runner,
      which,
      hyperparameters,
      judge,
      trainingSeed,
    });
    context.signal.throwIfAborted();
    rows.push({ which, metric, value: result.value ?? null, failure: result.failure?.message ?? null });
  }
  context.stdout.write(
    options['json'] === true
      ? jsonLine({ study: folder, metric, seed: trainingSeed, results: rows })
      : `${rows.map(describe).join('\n')}\n`,
  );
  return rows.every(({ value }) => value !== null) ? EXIT.ok : EXIT.failed;
}

/** What the trainings are judged by, and the words that make the script compute it. */
interface Judge {
  readonly objective: Objective;
  readonly extraArguments: readonly string[];
}

function judgeOf(task: Task, { incumbent }: History, byObjective: boolean): Judge {
  if (!byObjective && task.evaluate === undefined)
    throw new AgentHpoError({
      code: 'task-invalid',
      message: `${task.name} does not say how to evaluate.`,
      hint: 'Add to task.yaml: evaluate: { args: "--evaluate", metric: test_loss } with what its script understands; or give --objective to judge by the study’s own metric.',
    });
  if (incumbent === undefined)
    throw new AgentHpoError({
      code: 'usage',
      message: 'The study has no complete trial to evaluate.',
      hint: 'agenthpo resume goes on with it.',
    });
  if (byObjective || task.evaluate === undefined)
    return { objective: { ...task.objective, constraints: [] }, extraArguments: [] };
  const { args, metric } = task.evaluate;
  return { objective: { ...task.objective, metric, at: 'last', constraints: [] }, extraArguments: args };
}

/** Another script’s test metric would say nothing of this study’s configurations. */
function assertSameCode(task: Task, { codeHash }: History): void {
  if (hashTask(task) === codeHash) return;
  throw new AgentHpoError({
    code: 'code-changed',
    message: `The code in ${task.folder} is not what this study ran.`,
    hint: 'Undo the change to evaluate this study, or tune the new code: agenthpo tune.',
  });
}

interface Evaluation {
  readonly context: Context;
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly python: Interpreter;
  readonly runner: Runner;
  readonly which: string;
  readonly hyperparameters: Hyperparameters;
  readonly judge: Judge;
  readonly trainingSeed: number;
}

async function evaluateOne({
  context,
  folder,
  record,
  task,
  python,
  runner,
  which,
  hyperparameters,
  judge,
  trainingSeed,
}: Evaluation): Promise<TrialResult> {
  const workingCopy = join(folder, 'evaluation', which);
  rmSync(workingCopy, { recursive: true, force: true });
  return trainOnce(
    {
      task,
      python,
      environment: context.environment,
      trainingSeed,
      runner,
      folder: workingCopy,
      attemptId: attemptId(workingCopy, 0, Date.now()),
      hyperparameters,
      extraArguments: judge.extraArguments,
      objective: judge.objective,
      timeLimitSeconds: record.timeout_seconds ?? task.train.timeoutSeconds ?? 24 * 3600,
      outputLimitBytes: record.output_limit_bytes,
    },
    context.signal,
  );
}

function describe({
  which,
  metric,
  value,
  failure,
}: {
  which: string;
  metric: string;
  value: number | null;
  failure: string | null;
}): string {
  return `${which.padEnd(8)} ${metric} ${value === null ? `– (${failure})` : formatMeasure(value)}`;
}
