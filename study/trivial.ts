import { isValued } from './comparable.ts';
import type { History } from './history.ts';
import { isBetter } from './objective.ts';

/**
 * What is reached without learning (the largest class, the mean, random links), in the objective’s unit: a number, or
 * the name of a metric that the script records.
 */
export type Trivial = number | string;

/** The number itself, or what was recorded under the name; undefined where it was not. */
export function trivialValue(trivial: Trivial, metrics: Readonly<Record<string, number>>): number | undefined {
  return typeof trivial === 'number' ? trivial : metrics[trivial];
}

/** A study’s trivial baseline, and whether the best trial learned anything. */
export interface TrivialBaseline {
  readonly value: number;
  /** The metric that it was recorded as; undefined for a number of task.yaml. */
  readonly metric?: string;
  /** Undefined before a trial is the best. */
  readonly isBeaten?: boolean;
}

/** As the best trial recorded it, else the first of any that did; undefined for a task without one. */
export function trivialBaseline(history: History): TrivialBaseline | undefined {
  const { trivial } = history.start;
  if (trivial === undefined) return undefined;
  const { incumbent: best, objective } = history;
  const recorded = [...(best === undefined ? [] : [best]), ...history.current.filter(isValued)];
  const value =
    typeof trivial === 'number'
      ? trivial
      : recorded.map(({ metrics }) => trivialValue(trivial, metrics)).find((each) => each !== undefined);
  if (value === undefined) return undefined;
  return {
    value,
    ...(typeof trivial === 'string' && { metric: trivial }),
    ...(best?.value !== undefined && { isBeaten: isBetter(best.value, value, objective.direction) }),
  };
}
