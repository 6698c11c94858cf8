import type { HyperparameterValue } from '../study/hyperparameter.ts';

/** The values of one parameter in a grid; not empty. */
export type Axis = readonly HyperparameterValue[];
type Point = readonly HyperparameterValue[];

/**
 * Every point of a grid once, in strides of about the golden section: neighbours in the order lie far apart, so that
 * stopping early does not leave one parameter at its first value.
 */
export function* spreadOut(axes: readonly Axis[]): Generator<Point> {
  const size = axes.reduce((product, axis) => product * axis.length, 1);
  let stride = Math.max(1, Math.round(size * 0.618));
  while (greatestCommonDivisor(stride, size) !== 1) stride++;
  for (let step = 0, index = 0; step < size; step++, index = (index + stride) % size) yield pointAt(axes, index);
}

/** Every point of a grid once: first where all axes have their first value, then those that leave it along one axis, along two … */
export function* nearestFirst(axes: readonly Axis[]): Generator<Point> {
  for (let changes = 0; changes <= axes.length; changes++) yield* withChanges(axes, changes);
}

function* withChanges([axis, ...rest]: readonly Axis[], changes: number): Generator<Point> {
  if (axis === undefined) {
    if (changes === 0) yield [];
    return;
  }
  const [first = null, ...others] = axis;
  for (const point of withChanges(rest, changes)) yield [first, ...point];
  if (changes > 0)
    for (const other of others) for (const point of withChanges(rest, changes - 1)) yield [other, ...point];
}

/** The point with a given index, the first axis running fastest. */
function pointAt(axes: readonly Axis[], index: number): Point {
  let rest = index;
  return axes.map((axis) => {
    const value = axis[rest % axis.length] ?? null;
    rest = Math.floor(rest / axis.length);
    return value;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
