import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { benchRunOf } from '../../report/bench/bench-run.ts';
import { type ArmResult, type Comparison, compareArms } from '../../report/bench/compare-arms.ts';
import { drawBench } from '../../report/bench/plot-bench.ts';
import { renderBench } from '../../report/bench/render-bench.ts';
import { benchVerdict } from '../../report/bench/verdict.ts';
import { shellWords } from '../../study/shell-words.ts';
import { getsSeed } from '../../study/slots.ts';
import type { Context } from '../context.ts';
import { redactorOf } from '../redactor-of.ts';
import { referenceOf } from './arms.ts';
import { type BegunStudy, type BenchCell, isDone } from './bench-cells.ts';
import type { BenchPlan, PlannedArm } from './bench-plan.ts';
import { type TieBand, tieBandOf } from './tie-band.ts';

/** What a benchmark found, over the seeds whose studies are all done. */
export interface BenchResults {
  readonly comparison: Comparison;
  readonly arms: readonly ArmResult[];
  readonly tieBand: TieBand;
  readonly verdict: string;
}

const PLOT = 'best-so-far.svg';

/** undefined while no seed is done in all arms. */
export function benchResults(plan: BenchPlan, cells: readonly BenchCell[]): BenchResults | undefined {
  const { task, trials } = plan;
  const seeds = plan.seeds.filter((seed) => cells.every((cell) => cell.seed !== seed || isDone(cell, trials)));
  if (seeds.length === 0) return undefined;
  const counted = cells.flatMap(({ planned, seed, study }) =>
    study !== undefined && seeds.includes(seed) ? [{ arm: planned.arm.name, seed, study }] : [],
  );
  const tieBand = tieBandOf(
    task.space,
    counted.map(({ study }) => study),
    getsSeed(plan.task.train),
  );
  const comparison: Comparison = {
    direction: task.objective.direction,
    trials,
    arms: plan.arms.map(({ arm }) => arm.name),
    seeds,
    reference: referenceOf(plan.arms.map(({ arm }) => arm)),
    tieBand: tieBand.width,
    runs: counted.map(({ arm, seed, study }) =>
      benchRunOf(study.history, { arm, seed, trials, study: placeOf(study, plan) }),
    ),
  };
  const arms = compareArms(comparison);
  return { comparison, arms, tieBand, verdict: benchVerdict(comparison, arms) };
}

/** Writes results.md, results.json and the plot; answers where the page is. */
export async function writeBenchResults(context: Context, plan: BenchPlan, results: BenchResults): Promise<string> {
  const { task, folder } = plan;
  const { comparison, arms, tieBand } = results;
  const plot = drawBench(comparison, task.objective.metric);
  const caveat = task.dataIsStandIn ? 'STAND-IN DATA' : task.profile?.caveat;
  const page = renderBench(comparison, arms, {
    taskTitle: task.title,
    metric: task.objective.metric,
    noise: tieBand.words,
    command: redactorOf(context)(shellWords(context.commandLine)),
    ...(caveat !== undefined && { caveat }),
    meanings: Object.fromEntries(plan.arms.map((planned) => [planned.arm.name, meaningOf(planned)])),
    ...(plot !== undefined && { plot: PLOT }),
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (plot !== undefined) await writePrivate(join(folder, PLOT), plot);
  await writePrivate(join(folder, 'results.json'), `${JSON.stringify(resultsJson(plan, results), null, 2)}\n`);
  await writePrivate(join(folder, 'results.md'), page);
  return join(folder, 'results.md');
}

/** What results.json holds, and what `bench --json` prints with the status. */
export function resultsJson({ task }: BenchPlan, { comparison, arms, tieBand, verdict }: BenchResults) {
  const { trials, seeds, reference, direction, runs } = comparison;
  return {
    task: task.name,
    profile: task.profile?.name ?? null,
    standIn: task.dataIsStandIn,
    metric: task.objective.metric,
    direction,
    trials,
    seeds,
    reference,
    noise: tieBand.noise,
    verdict,
    arms,
    studies: runs,
  };
}

/** What the embedded optimiser does in a Creator’s place is never called a language model’s work. */
function meaningOf({ arm, models }: PlannedArm): string {
  if (models.model === null) return arm.meaning;
  return `${arm.meaning}; model: ${models.model === 'offline' ? 'offline, an embedded optimiser, no language model' : models.model}`;
}

function placeOf({ folder }: BegunStudy, plan: BenchPlan): string {
  return relative(plan.folder, folder);
}

function writePrivate(file: string, text: string): Promise<void> {
  return writeFileAtomic(file, text, { mode: 0o600 });
}
