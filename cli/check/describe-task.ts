import type { Settings } from '../../configs/schema.ts';
import type { PythonPlan } from '../../runners/python-environment.ts';
import { type Hyperparameter, isNumeric, valuesOf } from '../../study/hyperparameter.ts';
import { shellWords } from '../../study/shell-words.ts';
import { getsSeed } from '../../study/slots.ts';
import type { Task } from '../../study/task.ts';
import { caveatLines } from '../caveats.ts';
import { formatDuration } from '../durations.ts';
import { alignCells, type Row } from './layout.ts';

/** Everything that task.yaml and the files beside it come to, as a person reads it. */
export function taskRows(task: Task, settings: Settings): Row[] {
  const { folder, objective, train, evaluate, resources, environment } = task;
  const { metric, direction, at, constraints } = objective;
  return [
    ['folder', folder],
    ...caveatLines(task).map((line): Row => ['note', line]),
    ['objective', `${direction} ${metric}, ${at} row of ${train.log?.path ?? 'the script’s output'} that carries it`],
    ...(train.pattern === undefined ? [] : [['', `read with ${train.pattern}`] as const]),
    ...constraints.map((source): Row => ['', `only where ${source}`]),
    ['runs', [shellWords([train.script]), ...train.args].join(' ')],
    ...Object.entries(train.env).map(([name, value]): Row => ['with', `${name}=${value}`]),
    ['config', train.config ?? 'none: the hyperparameters are arguments or variables'],
    ['seed', describeSeed(train)],
    ...profileRows(task),
    ['budget', describeBudget(settings)],
    ['time limit', describeTimeLimit(task, settings)],
    ...dataRows(task),
    ...(evaluate === undefined
      ? []
      : [['evaluate', `adds ${shellWords(evaluate.args)} and reads ${evaluate.metric}`] as const]),
    ...resourceRows(resources),
    ...(environment.pass.length === 0 ? [] : [['variables', `may see ${environment.pass.join(', ')}`] as const]),
  ];
}

function describeSeed(train: Task['train']): string {
  const { seed } = train;
  switch (seed?.kind) {
    case 'config':
      return `written to the config key ${seed.key}`;
    case 'argument':
      return 'an argument ({seed} in train.args)';
    case 'environment':
      return `the environment variable ${seed.name}`;
    case undefined:
      return getsSeed(train)
        ? 'filled in for {seed}'
        : 'none: train.seed names no place for it; if the script draws random numbers, equal trials may differ';
  }
}

function profileRows({ profile, profiles }: Task): Row[] {
  if (profiles.length === 0) return [];
  const others = profiles.filter((name) => name !== profile?.name);
  const description = profile?.description === undefined ? '' : `: ${profile.description.replace(/\.$/, '')}`;
  const choice = others.length === 0 ? '' : ` (--profile ${others.join(' or ')} for another)`;
  return [['profile', `${profile?.name ?? 'none'}${description}${choice}`]];
}

function describeBudget({ trials, max_time: seconds, max_tokens: tokens }: Settings): string {
  return [
    `${trials} ${trials === 1 ? 'trial' : 'trials'}`,
    ...(seconds === null ? [] : [formatDuration(seconds)]),
    ...(tokens === null ? [] : [`${tokens} tokens`]),
  ].join(', ');
}

function describeTimeLimit({ train }: Task, { timeout }: Settings): string {
  const seconds = timeout ?? train.timeoutSeconds;
  if (seconds !== undefined && seconds !== null) return `${formatDuration(seconds)} a training`;
  return '5 × the first training’s time, at least 10 minutes (--timeout sets another)';
}

function dataRows({ data, dataIsStandIn }: Task): Row[] {
  if (dataIsStandIn || data === undefined) return [];
  const first = data.prepare === undefined ? [] : [`${data.prepare} first${data.network ? ' (may download)' : ''}`];
  const without = data.standIn === undefined ? [] : ['without it: --stand-in'];
  return [['data', [...first, ...without].join('; ')]];
}

function resourceRows({ cpus, gpus, memoryBytes }: Task['resources']): Row[] {
  const parts = [
    ...(cpus === undefined ? [] : [`${cpus} CPUs`]),
    ...(gpus === undefined ? [] : [`${gpus} GPUs`]),
    ...(memoryBytes === undefined ? [] : [`${Number((memoryBytes / 1024 ** 3).toPrecision(3))} GiB of memory at most`]),
  ];
  return parts.length === 0 ? [] : [['resources', parts.join(', ')]];
}

/** The Python that would train, and what would be installed first. */
export function pythonRows({ interpreter, version, source, install }: PythonPlan): Row[] {
  const python: Row = ['python', `${interpreter} (${version}, ${SOURCE_WORDS[source]})`];
  if (install === undefined) return [python, ['installs', 'nothing']];
  const size = install.downloadLine === undefined ? '' : `. ${install.downloadLine}`;
  return [python, ['installs', `${install.missing} (from ${install.requirements})${size}`]];
}

const SOURCE_WORDS: Record<PythonPlan['source'], string> = {
  explicit: 'named',
  'active-venv': 'the active virtual environment',
  'neighbouring-venv': 'the virtual environment in the task folder',
  satisfying: 'has everything in requirements.txt',
  'cached-venv': 'a virtual environment that agenthpo keeps',
  system: 'the first on PATH',
};

/** What is searched: one row a hyperparameter, then the constraints and what a profile or --set fixed. */
export function spaceRows({ space, fixed }: Task): Row[] {
  const cells = alignCells(
    space.parameters.map((parameter) => [describeValues(parameter), describeDefault(parameter)]),
  );
  return [
    ...space.parameters.map(({ name }, index): Row => [name, cells[index] ?? '']),
    ...fixed.map(({ name, value }): Row => [name, `fixed at ${JSON.stringify(value)}`]),
    ...space.constraints.map(({ source }): Row => ['constraint', source]),
  ];
}

function describeValues(parameter: Hyperparameter): string {
  if (!isNumeric(parameter)) {
    const values = (valuesOf(parameter) ?? []).map((value) =>
      typeof value === 'string' ? value : JSON.stringify(value),
    );
    return `${parameter.type} ${values.join(' | ')}`;
  }
  const { type, low, high, scale, step } = parameter;
  return `${type} ${low} … ${high}${scale === 'log' ? ', log' : ''}${step === undefined ? '' : `, step ${step}`}`;
}

function describeDefault({ default: value, when }: Hyperparameter): string {
  const conditions = Object.entries(when ?? {}).map(([name, values]) => `${name} is ${values.join(' or ')}`);
  const only = conditions.length === 0 ? '' : `, only when ${conditions.join(' and ')}`;
  return `default ${typeof value === 'string' ? value : JSON.stringify(value)}${only}`;
}
