import type { OptunaPython } from '../../runners/optuna/python.ts';
import type { PythonEnvironment } from '../../runners/python-environment.ts';
import type { StudyEnd } from '../../study/history.ts';
import { beginStudy } from '../begin-study.ts';
import type { Context } from '../context.ts';
import type { Progress } from '../progress/progress.ts';
import { workOnStudy } from '../work-on-study.ts';
import { type BegunStudy, type BenchCell, readStudy } from './bench-cells.ts';
import type { BenchPlan } from './bench-plan.ts';
import { tuneCommand } from './tune-command.ts';

export interface CellWork {
  readonly context: Context;
  readonly plan: BenchPlan;
  readonly python: PythonEnvironment;
  /** By strategy, for those in which Optuna proposes. */
  readonly optuna: ReadonlyMap<string, OptunaPython | undefined>;
  /** US dollars that this study may cost; undefined: no limit. */
  readonly maxUsd: number | undefined;
  readonly say: (line: string) => void;
}

/** Begins the cell’s study, or goes on with it, and works on it to its end or pause. */
export async function runCell(cell: BenchCell, work: CellWork): Promise<{ study: BegunStudy; end: StudyEnd }> {
  const { context, plan, optuna, maxUsd, say } = work;
  const { settings } = cell.planned;
  const { sandbox: isSandboxed, strategy, prices } = settings;
  const { trials } = plan;
  const folder = cell.study?.folder ?? (await begin(cell, work));
  const before = cell.study?.history;
  const { end } = await workOnStudy(folder, {
    context,
    isSandboxed,
    prices,
    optuna: optuna.get(strategy),
    progress: () => quietProgress(say),
    ...(before && {
      resume: { budget: { ...before.budget, trials, maxUsd }, changes: {}, acceptNewCode: false },
    }),
  });
  return { study: readStudy(folder), end };
}

async function begin(
  { planned, seed, out }: BenchCell,
  { context, plan, python, maxUsd, say }: CellWork,
): Promise<string> {
  const { settings, models } = planned;
  const prompts = models.model === null ? {} : (await import('../../agents/render-prompt.ts')).promptHashes();
  return beginStudy({
    context: { ...context, commandLine: tuneCommand(plan, planned, seed) },
    settings: { ...settings, out },
    task: plan.task,
    sets: plan.sets,
    model: models.model,
    models: models.models,
    python,
    seed,
    beginWithDefault: true,
    isApproved: false,
    prompts,
    ...(maxUsd !== undefined && { maxUsd }),
    say,
  });
}

/** A benchmark says a line for each study; of what happens inside only what is not about a trial. */
function quietProgress(say: (line: string) => void): Progress {
  const nothing = () => undefined;
  return { on: nothing, epoch: nothing, say, hold: () => nothing, stop: nothing };
}
