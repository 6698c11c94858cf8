import { countOf } from '../../report/numbers.ts';
import type { StudyEnd } from '../../study/history.ts';
import { formatDuration, formatEstimate } from '../durations.ts';
import { formatMeasure } from '../numbers.ts';
import { type BegunStudy, type BenchCell, isDone } from './bench-cells.ts';
import { secondsLeft } from './bench-estimate.ts';
import type { BenchPlan } from './bench-plan.ts';
import { type CellWork, runCell } from './run-cell.ts';

/** As for one study, but that `maxUsd` is the limit of the whole benchmark. */
type BenchWork = CellWork;

/** How a benchmark ended: whole, or with the study that could not go on. */
export interface BenchEnd {
  readonly status: 'complete' | 'paused' | 'failed';
  readonly reason: StudyEnd['reason'] | null;
  readonly message: string;
}

/** Works through the studies that are not done, one after another. Answers all cells as they are then. */
export async function runBench(
  cells: readonly BenchCell[],
  work: BenchWork,
): Promise<{ cells: readonly BenchCell[]; end: BenchEnd }> {
  const { plan, maxUsd, say } = work;
  const now = [...cells];
  for (const [index, cell] of cells.entries()) {
    if (isDone(cell, plan.trials)) continue;
    const { study, end } = await runCell(cell, { ...work, maxUsd: maxUsd && maxUsd - spentUsd(now) });
    const worked = { ...cell, study };
    now[index] = worked;
    say(`${describeCell(worked, study, end)} ${standing(now, plan)}`);
    if (!isDone(worked, plan.trials) || end.reason === 'first-trial-failed') return { cells: now, end: brokenOff(end) };
  }
  return { cells: now, end: { status: 'complete', reason: null, message: 'All studies are done.' } };
}

function spentUsd(cells: readonly BenchCell[]): number {
  return cells.reduce((total, { study }) => total + (study?.history.usage().spentUsd ?? 0), 0);
}

/** What one arm with one seed cannot do, the others cannot do either, or not fairly. */
function brokenOff({ status, reason, message }: StudyEnd): BenchEnd {
  return { status: status === 'failed' ? 'failed' : 'paused', reason, message };
}

/** `gp, seed 2: loss 0.01234 in trial 7 of 10 (12s).` */
function describeCell({ planned, seed }: BenchCell, { history }: BegunStudy, end: StudyEnd): string {
  const { incumbent, objective, trials, activeSeconds } = history;
  const best =
    incumbent?.value === undefined
      ? `no value in ${countOf(trials.length, 'trial')}`
      : `${objective.metric} ${formatMeasure(incumbent.value)} in trial ${incumbent.number} of ${trials.length}`;
  const early = end.status === 'complete' ? '' : `; ${end.message}`;
  return `${planned.arm.name}, seed ${seed}: ${best} (${formatDuration(activeSeconds)})${early.replace(/\.$/, '')}.`;
}

function standing(cells: readonly BenchCell[], { trials }: BenchPlan): string {
  const done = cells.filter((cell) => isDone(cell, trials)).length;
  const seconds = secondsLeft(cells, trials);
  const left = done === cells.length || seconds === null ? '' : `, ${formatEstimate(seconds)} left`;
  return `${done} of ${countOf(cells.length, 'study', 'studies')} done${left}.`;
}
