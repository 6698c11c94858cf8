import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Settings } from '../../configs/schema.ts';
import { planPython, preparePython } from '../../runners/python-environment.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { type Hyperparameter, isNumeric, valuesOf } from '../../study/hyperparameter.ts';
import { loadTask } from '../../study/load-task.ts';
import { printable } from '../../study/printable.ts';
import type { Task } from '../../study/task.ts';
import type { TrialResult } from '../../study/trial.ts';
import { trainOnce } from '../../tools/train-once.ts';
import { caveatLines } from '../caveats.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import { type Context, EXIT } from '../context.ts';
import { describeError } from '../error-output.ts';
import { findTask } from '../find-task.ts';
import { formatMeasure } from '../numbers.ts';
import { textOption } from '../options.ts';
import { parseSets } from '../parse-sets.ts';
import { prepareData } from '../prepare-data.ts';
import { pythonRequest } from '../python-request.ts';
import { loadSettings } from '../settings.ts';
import { assertSandboxWorks, trainingRunner } from '../training-sandbox.ts';

interface Checked {
  readonly task: string;
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** `agenthpo check <task…>`: reads task folders and says what would run; with `--run` also trains once with the defaults. */
export async function run(
  context: Context,
  references: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const checked: Checked[] = [];
  for (const reference of references) checked.push(await checkOne(context, reference, options));
  if (options['json'] === true) context.stdout.write(`${JSON.stringify(checked)}\n`);
  else for (const { lines } of checked) context.stdout.write(`${printable(lines.join('\n'))}\n`);
  return checked.every(({ ok }) => ok) ? EXIT.ok : EXIT.usage;
}

async function checkOne(context: Context, reference: string, options: Record<string, unknown>): Promise<Checked> {
  try {
    const folder = findTask(reference, context.workingFolder);
    const task = loadTask(folder, {
      profile: textOption(options['profile']),
      sets: parseSets(options['set']),
      standIn: options['standIn'] === true,
    });
    const settings = loadSettings({ ...context, flags: options, budget: task.budget });
    const lines = [...describeTask(task), await describePython(task, settings, context)];
    if (options['run'] !== true) return { task: reference, ok: true, lines };
    const result = await runDefaults(context, task, settings, options['yes'] === true);
    context.signal.throwIfAborted();
    return { task: reference, ok: result.state === 'complete', lines: [...lines, ...describeResult(task, result)] };
  } catch (error) {
    if (!(error instanceof AgentHpoError) || error.code === 'interrupted') throw error;
    return { task: reference, ok: false, lines: [describeError(error).human] };
  }
}

function describeTask(task: Task): string[] {
  const { name, title, folder, objective, space, train, profile } = task;
  const { metric, direction, at } = objective;
  const variables = Object.entries(train.env).map(([variable, template]) => `${variable}=${template}`);
  return [
    `${name}: ${title} (${folder})${profile === undefined ? '' : `, profile ${profile.name}`}`,
    ...caveatLines(task).map((line) => `  ${line}`),
    `  objective: ${direction} ${metric}, ${at} row of ${train.log?.path ?? 'its output'}`,
    `  runs: ${[...variables, train.script, ...train.args].join(' ')}${train.config === undefined ? '' : `, config ${train.config}`}`,
    ...describeData(task),
    ...space.parameters.map((parameter) => `  ${parameter.name}: ${describeParameter(parameter)}`),
    ...space.constraints.map(({ source }) => `  constraint: ${source}`),
  ];
}

function describeData({ data, dataIsStandIn }: Task): string[] {
  if (dataIsStandIn || data === undefined) return [];
  const first = data.prepare === undefined ? [] : [`${data.prepare} first${data.network ? ' (may download)' : ''}`];
  const without = data.standIn === undefined ? [] : ['without it: --stand-in'];
  return [`  data: ${[...first, ...without].join('; ')}`];
}

function describeParameter(parameter: Hyperparameter): string {
  const range = isNumeric(parameter)
    ? `${parameter.type} ${parameter.low} … ${parameter.high}${parameter.scale === 'log' ? ' (log)' : ''}`
    : `${parameter.type} ${(valuesOf(parameter) ?? []).map((value) => JSON.stringify(value)).join(' | ')}`;
  const when = Object.entries(parameter.when ?? {}).map(
    ([name, values]) => `, only when ${name} is ${values.join(' or ')}`,
  );
  return `${range}, default ${JSON.stringify(parameter.default)}${when.join('')}`;
}

async function describePython(task: Task, settings: Settings, context: Context): Promise<string> {
  const plan = await planPython(pythonRequest(task, settings, context), {
    onProgress: () => undefined,
    signal: context.signal,
  });
  const install = plan.install === undefined ? '' : `; to be installed first: ${plan.install.missing}`;
  return `  python: ${plan.interpreter} (${plan.version}, ${plan.source})${install}`;
}

async function runDefaults(
  context: Context,
  task: Task,
  settings: Settings,
  isConfirmed: boolean,
): Promise<TrialResult> {
  const say = (line: string) => void context.stderr.write(`${line}\n`);
  const { sandbox: isSandboxed } = settings;
  if (isSandboxed) await assertSandboxWorks(context);
  await confirmFirstUse({ task, context, settings, isConfirmed, say });
  const python = await preparePython(pythonRequest(task, settings, context), {
    onProgress: say,
    signal: context.signal,
  });
  await prepareData({ task, python, context, isSandboxed, say });
  const runner = await trainingRunner({ task, python, context, isSandboxed });
  const folder = mkdtempSync(join(tmpdir(), 'agenthpo-check-'));
  try {
    return await trainOnce(
      {
        task,
        python,
        environment: context.environment,
        trainingSeed: 1,
        runner,
        folder: join(folder, 'trial'),
        attemptId: basename(folder),
        hyperparameters: task.space.defaults(),
        timeLimitSeconds: settings.timeout ?? task.train.timeoutSeconds ?? 24 * 3600,
        outputLimitBytes: settings.output_limit,
      },
      context.signal,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeResult({ objective }: Task, { state, value, metrics, failure }: TrialResult): string[] {
  if (value !== undefined)
    return [
      `  trained with the defaults: ${objective.metric} ${formatMeasure(value)} in ${metrics['wall_seconds'] ?? '?'} s`,
    ];
  return [
    `  trained with the defaults: ${state}, ${failure?.cause ?? ''}: ${failure?.message ?? ''}`,
    ...(failure?.tail ? [failure.tail] : []),
  ];
}
