import type { History } from './history.ts';
import type { Hyperparameters } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

/**
 * Everything that keeps `values` from being a study’s next trial, each as one clause: what the space does not accept,
 * else that they were tried already (or are in `alsoTaken`). Empty when they can be tried.
 */
export function configurationProblems(
  values: Readonly<Record<string, unknown>>,
  { space, current }: { readonly space: SearchSpace; readonly current: readonly Trial[] },
  alsoTaken: readonly Hyperparameters[] = [],
): string[] {
  const outside = space.violations(values);
  if (outside.length > 0) return outside;
  const valid = values as Hyperparameters; // checked in the lines above
  const same = current.find(({ proposal }) => space.isSame(proposal.hyperparameters, valid));
  if (same !== undefined) return [`this configuration was already tried: it is trial ${same.number} (${same.state})`];
  if (alsoTaken.some((taken) => space.isSame(taken, valid)))
    return ['this configuration is already about to be tried, or the user turned it down'];
  return [];
}

/**
 * `changes` as a whole configuration: what they leave out comes from `base`, else from the defaults. Values that have no
 * effect are left out, unless `changes` name them: then the user is to hear of it.
 */
export function completed(
  changes: Hyperparameters,
  base: Hyperparameters,
  { space }: Pick<History, 'space'>,
): Hyperparameters {
  const defaults = Object.fromEntries(space.parameters.map((parameter) => [parameter.name, parameter.default]));
  return { ...space.onlyActive({ ...defaults, ...base, ...changes }), ...changes };
}
