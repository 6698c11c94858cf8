import { planPython } from '../../runners/python-environment.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { loadTask } from '../../study/load-task.ts';
import type { Task } from '../../study/task.ts';
import { findTask } from '../find-task.ts';
import { pythonRequest } from '../python-request.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

export interface TaskReference {
  /** As typed: a path, or a bundled task’s name. */
  readonly reference: string;
  readonly profile?: string;
}

/** The task folder, its Python and its data; of a task that cannot be read only why. */
export function taskChecks(input: DoctorInput, named: TaskReference): Check[] {
  const task = readTask(input, named);
  if (task instanceof AgentHpoError)
    return [{ name: 'Task', look: () => ({ status: 'problem', finding: task.message, mend: task.hint }) }];
  return [
    { name: 'Task', look: () => describeTask(task) },
    { name: 'Task’s Python', look: (signal) => describePython(task, input, signal) },
    { name: 'Task’s data', look: () => describeData(task) },
  ];
}

function readTask({ context }: DoctorInput, { reference, profile }: TaskReference): Task | AgentHpoError {
  try {
    return loadTask(findTask(reference, context.workingFolder), { profile });
  } catch (error) {
    if (error instanceof AgentHpoError) return error;
    throw error;
  }
}

function describeTask({ name, folder, space, objective }: Task): Finding {
  const { metric, direction } = objective;
  const count = `${space.parameters.length} hyperparameters`;
  return { status: 'ok', finding: `${name} in ${folder}: ${count}, ${direction} ${metric}` };
}

async function describePython(task: Task, { context, settings }: DoctorInput, signal: AbortSignal): Promise<Finding> {
  const plan = await planPython(pythonRequest(task, settings, context), { onProgress: () => undefined, signal });
  const python = `${plan.version} at ${plan.interpreter}`;
  if (plan.install === undefined) return { status: 'ok', finding: `${python}: nothing to install` };
  const { missing, downloadLine } = plan.install;
  return {
    status: 'ok',
    finding: `${python}; the first study installs ${missing}${downloadLine === undefined ? '' : `. ${downloadLine}`}`,
  };
}

/** Only what the task declares: preparing data may run its code and use the network. */
function describeData({ data }: Task): Finding {
  if (data === undefined) return { status: 'skipped', finding: 'the task declares none' };
  const standIn = data.standIn === undefined ? '' : '; --stand-in generates some to try the machinery';
  if (data.prepare === undefined) return { status: 'ok', finding: `the script’s own affair${standIn}` };
  const network = data.network ? ', which may download' : '';
  return { status: 'ok', finding: `${data.prepare} looks for it before the first training${network}${standIn}` };
}
