import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { TriedSet } from './tried.ts';

/** A larger space is never used up by the 10 to 1,000 trials of a study, and listing it would cost more than it tells. */
const LISTED_UP_TO = 10_000;

/** The valid configurations of a finite space that are not in `tried`; undefined for one with too many points to list. */
export function untriedPoints(
  space: SearchSpace,
  tried: TriedSet,
  limit: number = LISTED_UP_TO,
): Hyperparameters[] | undefined {
  return space.enumerate(limit)?.filter((values) => !tried.has(values));
}
