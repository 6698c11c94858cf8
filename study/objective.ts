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

/** The value as a loss: lower is better, whatever the direction. */
export function toLoss(value: number, direction: Direction): number {
  return direction === 'minimize' ? value : -value;
}
