import { parseExpression } from './expression.ts';

export type Direction = 'minimize' | 'maximize';

/** What a trial is judged by: a metric’s name, its direction and which row of the training log counts. */
export interface Objective {
  readonly metric: string;
  readonly direction: Direction;
  /** `last`: the last row that carries the metric; `best`: the best value over all rows. */
  readonly at: 'last' | 'best';
  /** Conditions on recorded metrics (`train_seconds <= 60`); a trial that breaks one is complete but never the incumbent. */
  readonly constraints: readonly string[];
}

/** True when `a` is strictly better than `b`. */
export function isBetter(a: number, b: number, direction: Direction): boolean {
  return direction === 'minimize' ? a < b : a > b;
}

/** How much better `a` is than `b`: positive means better, whatever the direction. */
export function improvement(a: number, b: number, direction: Direction): number {
  return direction === 'minimize' ? b - a : a - b;
}

/** Two values this close, as a share of the second, count as similar where the noise is unknown. */
export const SIMILAR_WITHIN = 0.01;

/** How `value` stands beside `reference`. `tolerance`, in the metric’s unit, is one per cent unless the noise is known. */
export function standing(
  value: number,
  reference: number,
  direction: Direction,
  tolerance = SIMILAR_WITHIN * Math.abs(reference),
): 'better' | 'similar' | 'worse' {
  const gain = improvement(value, reference, direction);
  if (Math.abs(gain) <= tolerance) return 'similar';
  return gain > 0 ? 'better' : 'worse';
}

/** The value as a loss: lower is better, whatever the direction. */
export function toLoss(value: number, direction: Direction): number {
  return direction === 'minimize' ? value : -value;
}

/** The conditions on metrics that a finished trial breaks; one that names a metric nobody recorded counts as broken. */
export function brokenObjectiveConstraints(objective: Objective, metrics: Readonly<Record<string, number>>): string[] {
  return objective.constraints.filter((source) => {
    const { names, evaluate } = parseExpression(source);
    return !names.every((name) => name in metrics) || evaluate(metrics) !== true;
  });
}
