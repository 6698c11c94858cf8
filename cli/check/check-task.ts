import { planPython } from '../../runners/python-environment.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { loadTask, type TaskChoices } from '../../study/load-task.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import { type TaskWarning, taskWarnings } from '../../tools/task-warnings.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { textOption } from '../options.ts';
import { parseSets } from '../parse-sets.ts';
import { pythonRequest } from '../python-request.ts';
import { loadSettings } from '../settings.ts';
import type { Checked, CheckedPlan } from './checked.ts';
import { hasSameNumbers, prepareToTrain, type TrainWith, withOthersChanged } from './train-defaults.ts';
import { trivialWarnings } from './trivial-warnings.ts';

export interface CheckRequest {
  readonly context: Context;
  /** As the command line has them. */
  readonly options: Record<string, unknown>;
  /** Several tasks at once: `--stand-in` then means those that have it. */
  readonly isOneOfSeveral: boolean;
}

/** Reads the task folder and says what a study of it would do; what is wrong with it becomes `error`. */
export async function planCheck(request: CheckRequest, reference: string): Promise<Checked> {
  return orError({ reference }, async () => ({ reference, plan: await planTask(request, reference) }));
}

/** Trains once with the defaults what was planned; what keeps that from happening becomes `error`. */
export async function trainChecked(request: CheckRequest, planned: Checked): Promise<Checked> {
  const { context, options, isOneOfSeveral } = request;
  const { plan } = planned;
  if (plan === undefined) return planned;
  return orError(planned, async () => {
    const { task, settings } = plan;
    const train = await prepareToTrain({
      context,
      task,
      settings,
      isConfirmed: isOneOfSeveral || options['yes'] === true,
      isPlain: false,
    });
    const trained = await train(task.space.defaults());
    context.signal.throwIfAborted();
    const warnings = [...(await proveUnread(plan, trained, train)), ...trivialWarnings(task, trained)];
    context.signal.throwIfAborted();
    return { ...planned, plan: { ...plan, warnings }, trained };
  });
}

async function orError(checked: Checked, step: () => Promise<Checked>): Promise<Checked> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof AgentHpoError) || error.code === 'interrupted') throw error;
    return { ...checked, error };
  }
}

async function planTask(request: CheckRequest, reference: string): Promise<CheckedPlan> {
  const { context, options } = request;
  const task = loadChecked(request, reference);
  const settings = loadSettings({ ...context, flags: options, budget: task.budget });
  const watch = { onProgress: () => undefined, signal: context.signal };
  const python = await planPython(pythonRequest(task, settings, context), watch);
  return { task, settings, python, warnings: taskWarnings(task) };
}

function loadChecked({ context, options, isOneOfSeveral }: CheckRequest, reference: string): Task {
  const load = (choices: TaskChoices) =>
    loadTask(findTask(reference, context.workingFolder), {
      reference,
      profile: textOption(options['profile']),
      sets: parseSets(options['set']),
      ...choices,
    });
  if (options['standIn'] !== true) return load({});
  const hasStandIn = !isOneOfSeveral || load({}).data?.standIn !== undefined;
  return load({ standIn: hasStandIn });
}

/** One more training, only when a parameter looks unread: the same numbers to the last digit are the proof, others acquit it. */
async function proveUnread(
  { task, warnings }: CheckedPlan,
  trained: TrialResult,
  train: TrainWith,
): Promise<readonly TaskWarning[]> {
  const names = warnings.flatMap(({ hyperparameters = [] }) => hyperparameters);
  const others = withOthersChanged(task, names);
  if (trained.state !== 'complete' || others === undefined) return warnings;
  const second = await train(others);
  const changed = names.filter((name) => others[name] !== task.space.defaults()[name]);
  const rest = warnings.filter(({ hyperparameters = [] }) => !hyperparameters.some((name) => changed.includes(name)));
  if (second.state !== 'complete' || !hasSameNumbers(trained, second))
    return second.state === 'complete' ? rest : warnings;
  const values = changed.map((name) => `${name} = ${JSON.stringify(others[name])}`).join(', ');
  const message = `hyperparameters.${changed.join(', ')}: no effect. A second training with ${values} recorded the same numbers to the last digit: let ${task.train.script} read ${changed.length === 1 ? 'it' : 'them'} from ${task.train.config ?? 'its arguments'}, or take ${changed.length === 1 ? 'it' : 'them'} out of task.yaml.`;
  return [...rest, { kind: 'unread', message, hyperparameters: changed }];
}
