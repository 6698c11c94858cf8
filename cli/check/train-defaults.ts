import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Settings } from '../../configs/schema.ts';
import { preparePython } from '../../runners/python-environment.ts';
import { fromUnit, type Hyperparameters, toUnit } from '../../study/hyperparameter.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import { type SingleTraining, trainOnce } from '../../tools/train-once.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import type { Context } from '../context.ts';
import { prepareData } from '../prepare-data.ts';
import { pythonRequest } from '../python-request.ts';
import { redactorOf } from '../redactor-of.ts';
import { createSay } from '../say.ts';
import { assertSandboxWorks, trainingRunner } from '../training-sandbox.ts';
import { watchInstallation } from '../watch-installation.ts';

export interface TrainingRequest {
  readonly context: Context;
  readonly task: Task;
  readonly settings: Settings;
  readonly isConfirmed: boolean;
  /** `--plain`: no line is broken. */
  readonly isPlain: boolean;
}

/** How one training differs from the usual: another seed than 1, more words for the script, another metric. */
type Otherwise = Partial<Pick<SingleTraining, 'trainingSeed' | 'extraArguments' | 'objective'>>;

/** Trains once with these values, in a folder that is gone afterwards. */
export type TrainWith = (hyperparameters: Hyperparameters, otherwise?: Otherwise) => Promise<TrialResult>;

/** All that has to be there before a first training: the user’s word, a Python, the data, a place to run. */
export async function prepareToTrain({
  context,
  task,
  settings,
  isConfirmed,
  isPlain,
}: TrainingRequest): Promise<TrainWith> {
  const say = createSay(context, isPlain);
  const { sandbox: isSandboxed } = settings;
  if (isSandboxed) await assertSandboxWorks(context);
  await confirmFirstUse({ task, context, settings, isConfirmed, say });
  const python = await watchInstallation({ context, isPlain, say }, (watch) =>
    preparePython(pythonRequest(task, settings, context), watch),
  );
  await prepareData({ task, python, context, isSandboxed, say });
  const runner = await trainingRunner({ task, python, context, isSandboxed });
  return async (hyperparameters, otherwise = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'agenthpo-check-'));
    try {
      return await trainOnce(
        {
          task,
          python,
          environment: context.environment,
          trainingSeed: 1,
          redact: redactorOf(context),
          runner,
          folder: join(folder, 'trial'),
          attemptId: basename(folder),
          hyperparameters,
          timeLimitSeconds: settings.timeout ?? task.train.timeoutSeconds ?? 24 * 3600,
          outputLimitBytes: settings.output_limit,
          ...otherwise,
        },
        context.signal,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** The defaults with other values for `names`; undefined when none of them can be changed alone. */
export function withOthersChanged({ space }: Task, names: readonly string[]): Hyperparameters | undefined {
  const defaults = space.defaults();
  const changed = { ...defaults };
  for (const parameter of space.active(defaults).filter(({ name }) => names.includes(name))) {
    const unit = toUnit(parameter, parameter.default);
    changed[parameter.name] = fromUnit(parameter, unit > 0.5 ? 0 : 1);
  }
  const isAnother = names.some((name) => changed[name] !== defaults[name]);
  return isAnother && space.violations(changed).length === 0 ? changed : undefined;
}

const MEASURED_BY_US = ['wall_seconds', 'peak_memory_mib'];

/** Whether two trainings recorded the same numbers to the last digit. */
export function hasSameNumbers(a: TrialResult, b: TrialResult): boolean {
  return numbersOf(a) === numbersOf(b);
}

function numbersOf({ metrics, value, curve }: TrialResult): string {
  const recorded = Object.entries(metrics).filter(([name]) => !MEASURED_BY_US.includes(name));
  return JSON.stringify([value, recorded, curve?.sample]);
}
