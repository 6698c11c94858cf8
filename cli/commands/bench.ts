import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { OptunaPython } from '../../runners/optuna/python.ts';
import { preparePython } from '../../runners/python-environment.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { lockedError, lockOwner, lockStudy } from '../../study/lock.ts';
import { shellWords } from '../../study/shell-words.ts';
import { type BenchCell, benchCells, isDone } from '../bench/bench-cells.ts';
import { describeBenchEstimate, estimateBench } from '../bench/bench-estimate.ts';
import { type BenchPlan, planBench } from '../bench/bench-plan.ts';
import { type BenchResults, benchResults, resultsJson, writeBenchResults } from '../bench/bench-results.ts';
import { describeBench } from '../bench/describe-bench.ts';
import { type BenchEnd, runBench } from '../bench/run-bench.ts';
import { caveatLines } from '../caveats.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import { type Context, EXIT } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { optunaPython } from '../optuna-python.ts';
import { prepareData } from '../prepare-data.ts';
import { pythonRequest } from '../python-request.ts';
import { createSay } from '../say.ts';
import { assertSandboxWorks } from '../training-sandbox.ts';
import { watchInstallation } from '../watch-installation.ts';

/**
 * `agenthpo bench --task <task>`: the same task tuned by several arms with several seeds, and what that says of them.
 * Studies that are done are kept, so that a benchmark goes on where it was ended.
 */
export async function run(context: Context, _: readonly string[], options: Record<string, unknown>): Promise<number> {
  const plan = planBench(context, options);
  const asJson = options['json'] === true;
  const isPlain = options['plain'] === true;
  const say = createSay(context, isPlain);
  const isEstimate = options['estimate'] === true;
  if (!isEstimate) for (const { models } of plan.arms) await models.assertUsable();
  const before = benchCells(plan);
  const estimate = await estimateBench(plan, before);
  if (isEstimate) {
    const lines = describeBenchEstimate(plan, estimate);
    context.stdout.write(asJson ? jsonLine(estimate) : `${lines.join('\n')}\n`);
    return EXIT.ok;
  }
  const maxUsd = moneyLimit(plan);
  for (const line of describeBenchEstimate(plan, estimate)) say(line);
  if (maxUsd !== undefined) say(`The whole benchmark costs $${maxUsd} at most; --max-cost sets another limit.`);
  await confirmUse(plan, before, { context, isConfirmed: options['yes'] === true, say });
  const release = lockBench(plan.folder);
  try {
    const { cells, end } = await workThrough(plan, before, { context, maxUsd, isPlain, say });
    const results = benchResults(plan, cells);
    const studies = relative(context.workingFolder, join(plan.folder, 'studies'));
    const page = results && relative(context.workingFolder, await writeBenchResults(context, plan, results));
    context.stdout.write(
      asJson
        ? jsonLine({ status: end.status, stopReason: end.reason, folder: plan.folder, ...jsonOf(plan, results) })
        : `${[...caveatLines(plan.task), ...describeBench(results, page, studies), ...next(context, plan, end)].join('\n')}\n`,
    );
    return exitCodeOf(end);
  } finally {
    release();
  }
}

interface Work {
  readonly context: Context;
  readonly maxUsd: number | undefined;
  readonly isPlain: boolean;
  readonly say: (line: string) => void;
}

async function workThrough(plan: BenchPlan, cells: readonly BenchCell[], work: Work) {
  const { task, settings, trials } = plan;
  const { context, say } = work;
  if (cells.every((cell) => isDone(cell, trials)))
    return { cells, end: { status: 'complete', reason: null, message: 'All studies are done.' } satisfies BenchEnd };
  for (const { models } of plan.arms) await models.assertAnswers();
  if (settings.sandbox) await assertSandboxWorks(context);
  const python = await watchInstallation(work, (watch) => preparePython(pythonRequest(task, settings, context), watch));
  await prepareData({ task, python, context, isSandboxed: settings.sandbox, say });
  const optuna = new Map<string, OptunaPython | undefined>();
  for (const { settings: own } of plan.arms) {
    const { strategy, sandbox: isSandboxed } = own;
    optuna.set(strategy, await optunaPython({ ...work, strategy, python, task, isSandboxed, settings: own }));
  }
  return runBench(cells, { context, maxUsd: work.maxUsd, say, plan, python, optuna });
}

/** The task as for `tune`; and studies that were begun elsewhere as for `resume`. */
async function confirmUse(
  { task, settings, trials, folder }: BenchPlan,
  cells: readonly BenchCell[],
  rest: { context: Context; isConfirmed: boolean; say: (line: string) => void },
): Promise<void> {
  const left = cells.filter((cell) => !isDone(cell, trials));
  if (left.length === 0) return;
  const use = { task, settings, ...rest, keptIn: join(folder, 'studies') };
  await confirmFirstUse(use);
  for (const { study } of left) if (study !== undefined) await confirmFirstUse({ ...use, study: study.record });
}

/** US dollars of all studies together: the limit that one study of the dearest arm would have. */
function moneyLimit({ arms }: BenchPlan): number | undefined {
  const limits = arms.flatMap(({ models }) => models.maxUsd ?? []);
  return limits.length === 0 ? undefined : Math.max(...limits);
}

/** Two benchmarks in one folder would begin the same studies. */
function lockBench(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = lockOwner(folder);
  if (owner === undefined) return lockStudy(folder).release;
  throw new AgentHpoError({
    code: 'study-locked',
    message: lockedError(folder, owner).message,
    hint: 'Wait for that benchmark, or give another folder with --out.',
  });
}

function jsonOf(plan: BenchPlan, results: BenchResults | undefined) {
  return results === undefined ? {} : resultsJson(plan, results);
}

function next({ commandLine }: Context, { task }: BenchPlan, { status, message }: BenchEnd): string[] {
  if (status === 'complete') return [];
  if (status === 'paused') return [`Paused: ${message}`, `Go on with: ${shellWords(commandLine)}`];
  return [`Failed: ${message}`, `To see why: agenthpo check ${shellWords([task.folder])} --run`];
}

function exitCodeOf({ status, reason }: BenchEnd): number {
  if (reason === 'interrupted') return EXIT.interrupted;
  return { complete: EXIT.ok, paused: EXIT.partial, failed: EXIT.failed }[status];
}
