import type { SearchSpace } from './search-space.ts';
import { shortValues } from './short-values.ts';
import type { Trial } from './trial.ts';

/** How far the finished trials have gone into a space: what they cannot tell anything about, and why. */
export interface Variety {
  /** Active in at least two trials, with one and the same value in all of them. */
  readonly neverVaried: readonly string[];
  /** Varied, but only together with others: what they did apart is unknown. */
  readonly neverAlone: readonly string[];
  /** Active in at most one trial. */
  readonly seldomActive: readonly string[];
}

export const NO_VARIETY: Variety = { neverVaried: [], neverAlone: [], seldomActive: [] };

/** `alone`: names of the hyperparameters in which two trials differ and in nothing else. */
export function varietyOf({ names }: SearchSpace, finished: readonly Trial[], alone: readonly string[]): Variety {
  if (finished.length < 2) return NO_VARIETY;
  const tried = finished.map(({ proposal }) => shortValues(proposal.hyperparameters));
  const valuesOf = (name: string) => tried.flatMap((values) => values[name] ?? (name in values ? [null] : []));
  const seldom = names.filter((name) => valuesOf(name).length < 2);
  const often = names.filter((name) => !seldom.includes(name));
  const constant = often.filter((name) => new Set(valuesOf(name)).size === 1);
  return {
    neverVaried: constant,
    neverAlone: often.filter((name) => !constant.includes(name) && !alone.includes(name)),
    seldomActive: seldom,
  };
}
