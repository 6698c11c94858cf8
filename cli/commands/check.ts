import { planPython } from '../../runners/python-environment.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { loadTask } from '../../study/load-task.ts';
import { printable } from '../../study/printable.ts';
import type { TrialResult } from '../../study/trial.ts';
import { type TaskWarning, taskWarnings } from '../../tools/task-warnings.ts';
import { type Checked, type CheckedPlan, isOk } from '../check/checked.ts';
import { checkedAsJson, describeChecked } from '../check/describe-checked.ts';
import { hasSameNumbers, prepareToTrain, type TrainWith, withOthersChanged } from '../check/train-defaults.ts';
import { trivialWarnings } from '../check/trivial-warnings.ts';
import { type Context, EXIT } from '../context.ts';
import { findTask } from '../find-task.ts';
import { jsonLine } from '../json-line.ts';
import { textOption } from '../options.ts';
import { parseSets } from '../parse-sets.ts';
import { pythonRequest } from '../python-request.ts';
import { loadSettings } from '../settings.ts';
import { columnsOf } from '../terminal-columns.ts';

/** `agenthpo check <task…>`: reads task folders and says what would run; with `--run` also trains once with the defaults. */
export async function run(
  context: Context,
  references: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const checked: Checked[] = [];
  for (const reference of references) checked.push(await checkOne(context, reference, options));
  const columns = columnsOf(context.stdout);
  const words = checked.map((each) => printable(describeChecked(each, columns).join('\n'))).join('\n\n');
  context.stdout.write(options['json'] === true ? jsonLine(checked.map(checkedAsJson)) : `${words}\n`);
  return checked.every(isOk) ? EXIT.ok : EXIT.usage;
}

async function checkOne(context: Context, reference: string, options: Record<string, unknown>): Promise<Checked> {
  let checked: Checked = { reference };
  try {
    const plan = await planTask(context, reference, options);
    checked = { reference, plan };
    if (options['run'] !== true) return checked;
    const { task, settings } = plan;
    const train = await prepareToTrain({ context, task, settings, isConfirmed: options['yes'] === true });
    const trained = await train(task.space.defaults());
    context.signal.throwIfAborted();
    const warnings = [...(await proveUnread(plan, trained, train)), ...trivialWarnings(task, trained)];
    context.signal.throwIfAborted();
    return { reference, plan: { ...plan, warnings }, trained };
  } catch (error) {
    if (!(error instanceof AgentHpoError) || error.code === 'interrupted') throw error;
    return { ...checked, error };
  }
}

async function planTask(context: Context, reference: string, options: Record<string, unknown>): Promise<CheckedPlan> {
  const task = loadTask(findTask(reference, context.workingFolder), {
    reference,
    profile: textOption(options['profile']),
    sets: parseSets(options['set']),
    standIn: options['standIn'] === true,
  });
  const settings = loadSettings({ ...context, flags: options, budget: task.budget });
  const watch = { onProgress: () => undefined, signal: context.signal };
  const python = await planPython(pythonRequest(task, settings, context), watch);
  return { task, settings, python, warnings: taskWarnings(task) };
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
