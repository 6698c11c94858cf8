import { improvement } from '../../study/objective.ts';
import { trivialValue } from '../../study/trivial.ts';
import { formatMeasure } from '../numbers.ts';
import { oneLine, wrapLine } from '../terminal-text.ts';
import { textTable } from '../text-table.ts';
import { type Checked, isOk } from './checked.ts';

/** What the training with the defaults came to, in the objective’s unit; null where a number is not known. */
export interface CheckedResult {
  readonly value: number | null;
  /** What is reached without learning. */
  readonly trivial: number | null;
  /** How much better the value is: positive is better, whatever the direction. */
  readonly margin: number | null;
  /** Of the training alone. */
  readonly seconds: number | null;
  /** `none`: a task without data. */
  readonly data: 'real' | 'stand-in' | 'none' | 'missing';
}

export function resultOf({ plan, trained, error }: Checked): CheckedResult {
  const { value = null, metrics = {} } = trained ?? {};
  const spec = plan?.task.trivial;
  const trivial = (spec === undefined ? undefined : trivialValue(spec, metrics)) ?? null;
  const direction = plan?.task.objective.direction ?? 'minimize';
  return {
    value,
    trivial,
    margin: value === null || trivial === null ? null : improvement(value, trivial, direction),
    seconds: metrics['wall_seconds'] ?? null,
    data: error?.code === 'data-missing' ? 'missing' : dataOf(plan),
  };
}

function dataOf(plan: Checked['plan']): CheckedResult['data'] {
  if (plan?.task.dataIsStandIn === true) return 'stand-in';
  return plan?.task.data === undefined && plan?.task.dataset === undefined ? 'none' : 'real';
}

/** Several tasks’ trainings with the defaults, one row each, what is to be said of single ones below, and a count. */
export function describeTable(checked: readonly Checked[], columns: number): string[] {
  const head = ['task', 'metric', 'value', 'trivial', 'margin', 'seconds', 'data'];
  const notes = checked.flatMap((each) => notesOn(each).flatMap((note) => wrapLine(note, columns)));
  return [
    ...textTable([head, ...checked.map(rowOf)]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    ...wrapLine(countLine(checked), columns),
  ];
}

function rowOf(checked: Checked): string[] {
  const { value, trivial, margin, seconds, data } = resultOf(checked);
  const shown = (number: number | null) => (number === null ? '–' : formatMeasure(number));
  return [
    nameOf(checked),
    checked.plan?.task.objective.metric ?? '–',
    value === null ? whyNone(checked) : formatMeasure(value),
    shown(trivial),
    margin !== null && margin > 0 ? `+${shown(margin)}` : shown(margin),
    seconds === null ? '–' : seconds.toFixed(1),
    data,
  ];
}

/** What a task’s training came to, while the others are still to come. */
export function progressLine(checked: Checked): string {
  const { value, seconds } = resultOf(checked);
  const metric = checked.plan?.task.objective.metric;
  const what =
    value === null ? whyNone(checked) : `${metric} ${formatMeasure(value)} in ${seconds?.toFixed(1) ?? '?'} s`;
  return `${nameOf(checked)}: ${what}`;
}

function whyNone({ error, trained }: Checked): string {
  return error?.code === 'data-missing' ? 'data missing' : error === undefined ? (trained?.state ?? '–') : 'error';
}

function nameOf({ plan, reference }: Checked): string {
  return plan?.task.name ?? reference;
}

/** What the table has no room for: an error or a failure with its cure, and warnings. */
function notesOn(checked: Checked): string[] {
  const { error, trained, plan } = checked;
  const name = nameOf(checked);
  const failure = trained?.failure;
  return [
    ...(error === undefined ? [] : [`${name}: [${error.code}] ${whatItSays(error)}`, `  → ${error.hint}`]),
    ...(failure === undefined ? [] : [`${name}: ${failure.cause}: ${oneLine(failure.message)}`]),
    ...(failure?.hint === undefined ? [] : [`  → ${failure.hint}`]),
    ...(plan?.warnings ?? []).map(({ message }) => `${name}: ! ${message}`),
  ];
}

/** Of data that is missing the last line that names a home suffices, where there is one. */
function whatItSays({ code, message }: NonNullable<Checked['error']>): string {
  const home = code === 'data-missing' ? message.split('\n').findLast((line) => /https?:\/\//.test(line)) : undefined;
  return home?.trim() ?? message;
}

function countLine(checked: readonly Checked[]): string {
  const trained = checked.filter(isOk);
  const counts = [
    ...countOf(checked, 'without data', ({ error }) => error?.code === 'data-missing'),
    ...countOf(checked, 'failed', (each) => !isOk(each) && each.error?.code !== 'data-missing'),
    ...countOf(trained, 'no better than without learning', (each) => (resultOf(each).margin ?? 1) <= 0),
    ...countOf(trained, 'on stand-in data, whose values say nothing of the real task', (each) => {
      return resultOf(each).data === 'stand-in';
    }),
  ];
  const all =
    trained.length === checked.length ? `All ${checked.length} tasks` : `${trained.length} of ${checked.length} tasks`;
  return `${all} trained with their defaults${counts.length === 0 ? '' : `; ${counts.join('; ')}`}.`;
}

function countOf(checked: readonly Checked[], words: string, isMeant: (each: Checked) => boolean): string[] {
  const names = checked.filter(isMeant).map(nameOf);
  return names.length === 0 ? [] : [`${names.length} ${words} (${names.join(', ')})`];
}
