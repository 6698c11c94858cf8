import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalRunner } from '../../runners/local.ts';
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
import { formatMeasure } from '../numbers.ts';
import { openStudy } from '../open-study.ts';
import { prepareData } from '../prepare-data.ts';
import { studyPython } from '../study-python.ts';
import type { StudyRecord } from '../study-record.ts';
import { hashTask, loadStudyTask } from '../work-on-study.ts';

/** `agenthpo evaluate <study>`: the test metric of the best and of the default configuration, trained once more each. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history, record } = openStudy(context, reference, options);
  const task = loadStudyTask(record);
  const metric = assertEvaluable(task, history);
  assertSameCode(task, history);
  const python = studyPython(record);
  const say = (line: string) => void context.stderr.write(`${line}\n`);
  for (const line of caveatLines(task)) say(line);
  await prepareData({ task, python, context, say });
  const configurations = { best: history.incumbent?.proposal.hyperparameters ?? {}, default: task.space.defaults() };
  const rows = [];
  for (const [which, hyperparameters] of Object.entries(configurations)) {
    const result = await evaluateOne({ context, folder, record, task, python, which, hyperparameters });
    context.signal.throwIfAborted();
    rows.push({ which, metric, value: result.value ?? null, failure: result.failure?.message ?? null });
  }
  context.stdout.write(
    options['json'] === true
      ? `${JSON.stringify({ study: folder, metric, results: rows })}\n`
      : `${rows.map(describe).join('\n')}\n`,
  );
  return rows.every(({ value }) => value !== null) ? EXIT.ok : EXIT.failed;
}

function assertEvaluable(task: Task, { incumbent }: History): string {
  if (task.evaluate === undefined)
    throw new AgentHpoError({
      code: 'task-invalid',
      message: `${task.name} does not say how to evaluate.`,
      hint: 'Add to task.yaml: evaluate: { args: "--evaluate", metric: test_loss } with what its script understands.',
    });
  if (incumbent !== undefined) return task.evaluate.metric;
  throw new AgentHpoError({
    code: 'usage',
    message: 'The study has no complete trial to evaluate.',
    hint: 'agenthpo resume goes on with it.',
  });
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
  readonly which: string;
  readonly hyperparameters: Hyperparameters;
}

async function evaluateOne({
  context,
  folder,
  record,
  task,
  python,
  which,
  hyperparameters,
}: Evaluation): Promise<TrialResult> {
  const workingCopy = join(folder, 'evaluation', which);
  rmSync(workingCopy, { recursive: true, force: true });
  const { args = [], metric = '' } = task.evaluate ?? {};
  const objective: Objective = { ...task.objective, metric, at: 'last', constraints: [] };
  return trainOnce(
    {
      task,
      python,
      environment: context.environment,
      trainingSeed: record.seed,
      runner: createLocalRunner(),
      folder: workingCopy,
      attemptId: attemptId(workingCopy, 0, Date.now()),
      hyperparameters,
      extraArguments: args,
      objective,
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
