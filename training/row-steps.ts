import type { LogRow } from './training-log.ts';

export const STEP_NAMES: readonly string[] = ['epoch', 'step', 'iteration', 'global_step', 'iter', 'round'];

/** Where a row stands in training as its own log counts, as `epoch 7`; undefined when the row does not say. */
export function describeStep(row: LogRow): string | undefined {
  const name = STEP_NAMES.find((each) => Number.isFinite(row[each]));
  return name === undefined ? undefined : `${name} ${row[name]}`;
}

/**
 * The step of each row: the first of epoch, step, iteration … that every row has and that keeps growing (a log written
 * ten times an epoch repeats its epochs), else the row’s place, counted from 1.
 */
export function stepsOf(rows: readonly LogRow[]): number[] {
  const name = STEP_NAMES.find((each) => rows.every((row, index) => isAfter(row[each], rows[index - 1]?.[each])));
  return rows.map((row, index) => (name === undefined ? index + 1 : (row[name] ?? index + 1)));
}

function isAfter(step: number | undefined, previous: number | undefined): boolean {
  return step !== undefined && Number.isFinite(step) && (previous === undefined || step > previous);
}

/** Whether two rows were written at the same moment of training, as Lightning’s training and validation rows are. */
function isSameStep(a: LogRow, b: LogRow): boolean {
  const shared = STEP_NAMES.filter((name) => name in a && name in b);
  return shared.length > 0 && shared.every((name) => a[name] === b[name]);
}

/**
 * The finite numbers that belong to a row: its own, and for names it lacks those of the same step, else the last ones
 * before it, else the first after it (a closing line with the training’s time).
 */
export function numbersAround(rows: readonly LogRow[], index: number): Record<string, number> {
  const row = rows[index] ?? {};
  const before = rows.slice(0, index);
  const after = rows.slice(index + 1);
  const sameStep = [...before, ...after].filter((other) => isSameStep(row, other));
  const inRisingOrder = [...after.toReversed(), ...before, ...sameStep, row];
  const found = Object.fromEntries(inRisingOrder.flatMap((each) => Object.entries(each).filter(isFiniteEntry)));
  const own = Object.entries(row).filter((entry) => !isFiniteEntry(entry));
  for (const [name] of own) delete found[name]; // the row says NaN; an older number would contradict it
  return found;
}

function isFiniteEntry([, value]: [string, number]): boolean {
  return Number.isFinite(value);
}
