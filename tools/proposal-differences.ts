import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { shortHyperparameter } from '../study/short-values.ts';
import { differingNames } from '../study/trial.ts';

/**
 * Where a proposal departs from its base. A reason is needed for every active value that differs by more than the
 * rounding of the shown numbers; one may be given for whatever differs at all (a value gone inactive included).
 */
export function differences(
  space: SearchSpace,
  values: Hyperparameters,
  base: Hyperparameters,
): { needReason: string[]; mayHaveReason: string[] } {
  const mayHaveReason = differingNames(values, base);
  const needReason = mayHaveReason.filter((name) => {
    if (!(name in values)) return false;
    if (!(name in base)) return true;
    const isSame = space.isSame({ [name]: values[name] ?? null }, { [name]: base[name] ?? null });
    return !isSame && shown(values[name]) !== shown(base[name]);
  });
  return { needReason, mayHaveReason };
}

/** As the memory shows it: a value copied from there is not a considered change. */
function shown(value: unknown): string {
  return JSON.stringify(typeof value === 'number' ? shortHyperparameter(value) : value);
}
