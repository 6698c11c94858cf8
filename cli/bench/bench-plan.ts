import { join, resolve } from 'node:path';
import type { Settings } from '../../configs/schema.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { loadTask } from '../../study/load-task.ts';
import type { Task } from '../../study/task.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { numberOption, textOption } from '../options.ts';
import { assertOwnServer } from '../own-server.ts';
import { parseSets } from '../parse-sets.ts';
import { type ModelPlan, planModels } from '../plan-models.ts';
import { loadSettings } from '../settings.ts';
import { type Arm, parseArms } from './arms.ts';

/** An arm with the settings and the models that its studies begin with. */
export interface PlannedArm {
  readonly arm: Arm;
  readonly settings: Settings;
  readonly models: ModelPlan;
}

/** Everything that a benchmark is asked to do. Nothing has run yet. */
export interface BenchPlan {
  readonly task: Task;
  readonly sets: ReturnType<typeof parseSets>;
  readonly settings: Settings;
  readonly arms: readonly PlannedArm[];
  readonly seeds: readonly number[];
  /** Trials of each study. */
  readonly trials: number;
  /** Where the studies and the results go. */
  readonly folder: string;
}

const DEFAULT_SEEDS = 5;

/** The plan of a command line. Throws where it, the task or the settings need mending. */
export function planBench(context: Context, options: Record<string, unknown>): BenchPlan {
  const reference = textOption(options['task']) ?? '';
  const sets = parseSets(options['set']);
  const standIn = options['standIn'] === true;
  const folder = findTask(reference, context.workingFolder);
  const task = loadTask(folder, { reference, profile: textOption(options['profile']), sets, standIn });
  const { models, ...flags } = options; // arms, not the setting of that name
  const loaded = loadSettings({ ...context, flags, budget: task.budget });
  // What a study costs in requests is no part of the comparison: the tools run every trial the same way.
  const settings: Settings = { ...loaded, executor: 'direct' };
  assertOwnServer(settings, { ...context, flags });
  const arms = parseArms(textOption(options['arms']) ?? '', textOption(models));
  return {
    task,
    sets,
    settings,
    arms: arms.map((arm) => planArm(arm, { context, settings, task })),
    seeds: seedsOf(options),
    trials: settings.trials,
    folder: resolve(context.workingFolder, textOption(options['out']) ?? join(settings.out, 'bench', task.name)),
  };
}

function planArm(arm: Arm, use: { context: Context; settings: Settings; task: Task }): PlannedArm {
  const settings = { ...use.settings, ...arm.settings };
  const orElse = `leave ${arm.name} out of --arms`;
  return { arm, settings, models: planModels({ ...use, settings, beginWithDefault: true, orElse }) };
}

/** So many seeds, one after another from `--seed`. */
function seedsOf(options: Record<string, unknown>): number[] {
  const count = numberOption('--seeds', options['seeds']) ?? DEFAULT_SEEDS;
  const first = numberOption('--seed', options['seed']) ?? 1;
  if (count > 0) return Array.from({ length: count }, (_, index) => first + index);
  throw new AgentHpoError({
    code: 'usage',
    message: '--seeds must be at least 1, got 0.',
    hint: `Write for example: --seeds ${DEFAULT_SEEDS}`,
  });
}
