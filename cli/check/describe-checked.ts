import { shellWords } from '../../study/shell-words.ts';
import { trivialValue } from '../../study/trivial.ts';
import { describeError } from '../error-output.ts';
import { formatMeasure } from '../numbers.ts';
import { wrapLine } from '../terminal-text.ts';
import { resultOf } from './check-table.ts';
import { type Checked, type CheckedPlan, isOk } from './checked.ts';
import { pythonRows, spaceRows, taskRows } from './describe-task.ts';
import { layRows } from './layout.ts';

/** A check as a person reads it, in lines of at most `columns`. */
export function describeChecked(checked: Checked, columns: number): string[] {
  const { error, plan } = checked;
  return [
    ...(plan === undefined ? [] : describePlan(plan, columns)),
    ...describeTraining(checked, columns),
    ...(error === undefined
      ? []
      : describeError(error)
          .human.split('\n')
          .flatMap((line) => wrapLine(line, columns))),
    ...(isOk(checked) ? ['', describeEnd(checked)] : []),
  ];
}

function describePlan({ task, settings, python, warnings }: CheckedPlan, columns: number): string[] {
  return [
    `${task.name}: ${task.title}`,
    ...layRows([...taskRows(task, settings), ...pythonRows(python)], columns),
    '',
    `${task.space.parameters.length === 1 ? 'Hyperparameter' : 'Hyperparameters'}`,
    ...layRows(spaceRows(task), columns),
    ...(warnings.length === 0 ? [] : ['', warnings.length === 1 ? 'Warning' : 'Warnings']),
    ...warnings.flatMap(({ message }) => layRows([['!', message]], columns)),
  ];
}

function describeTraining({ plan, trained }: Checked, columns: number): string[] {
  if (plan === undefined || trained === undefined) return [];
  const { value, metrics, failure } = trained;
  const { trivial, objective } = plan.task;
  if (value !== undefined) {
    const reached = trivial === undefined ? undefined : trivialValue(trivial, metrics);
    return [
      '',
      `Trained with the defaults: ${objective.metric} ${formatMeasure(value)} in ${metrics['wall_seconds'] ?? '?'} s`,
      ...(reached === undefined ? [] : [`Without learning: ${formatMeasure(reached)}`]),
    ];
  }
  const { cause = '', message = trained.state, tail = '', hint } = failure ?? {};
  return [
    '',
    ...wrapLine(`The training with the defaults failed (${cause}): ${message}`, columns),
    ...(tail.trim() === '' ? [] : tail.split('\n').map((line) => `  ${line}`)),
    ...(hint === undefined ? [] : wrapLine(`→ ${hint}`, columns)),
  ];
}

function describeEnd({ reference, plan, trained }: Checked): string {
  const next =
    trained === undefined
      ? `train once with the defaults: ${shellWords(['agenthpo', 'check', reference, '--run'])}`
      : `agenthpo tune ${reference}`;
  const what = (plan?.warnings.length ?? 0) === 0 ? 'Nothing to mend.' : 'Usable; see the warnings above.';
  return `${what} Next: ${next}`;
}

/** A check as `--json` prints it. */
export function checkedAsJson(checked: Checked): object {
  const { reference, error, plan, trained } = checked;
  return {
    task: reference,
    ok: isOk(checked),
    error: error === undefined ? null : { code: error.code, message: error.message, hint: error.hint },
    warnings: plan?.warnings ?? [],
    plan: plan === undefined ? null : planAsJson(plan),
    trained: trained ?? null,
    result: trained === undefined && error?.code !== 'data-missing' ? null : resultOf(checked),
  };
}

function planAsJson({ task, settings, python }: CheckedPlan): object {
  const { name, title, folder, objective, space, fixed, train, profile, profiles, evaluate, data, resources } = task;
  const { metric, direction, at, constraints } = objective;
  return {
    name,
    title,
    folder,
    objective: { metric, direction, at, constraints, trivial: task.trivial ?? null },
    space: space.toSpec(),
    fixed: Object.fromEntries(fixed.map((each) => [each.name, each.value])),
    train,
    profile: profile?.name ?? null,
    profiles,
    budget: { trials: settings.trials, maxSeconds: settings.max_time, maxTokens: settings.max_tokens },
    timeoutSeconds: settings.timeout ?? train.timeoutSeconds ?? null,
    evaluate: evaluate ?? null,
    data: data ?? null,
    resources,
    python: {
      interpreter: python.interpreter,
      version: python.version,
      source: python.source,
      installs: python.install?.missing ?? null,
    },
  };
}
