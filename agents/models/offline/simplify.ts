import { differingNames, type Hyperparameters } from '../../../study/trial.ts';

/** How much a score (a logarithm) may fall for one change less: 3 % of the expected improvement. */
const WORTH_OF_A_CHANGE = 0.03;

/**
 * `values` without the changes against `base` that hardly matter to `score`, so that a trial tells what its few
 * real changes did. Only steps to acceptable configurations are taken.
 */
export function simplify(
  values: Hyperparameters,
  base: Hyperparameters,
  score: (values: Hyperparameters) => number,
  isAcceptable: (values: Hyperparameters) => boolean,
): Hyperparameters {
  let simplest = values;
  let reached = score(values);
  for (const name of differingNames(values, base)) {
    const value = base[name];
    if (value === undefined || !(name in simplest)) continue;
    const simpler = { ...simplest, [name]: value };
    if (!isAcceptable(simpler)) continue;
    const here = score(simpler);
    if (here < reached - WORTH_OF_A_CHANGE) continue;
    simplest = simpler;
    reached = here;
  }
  return simplest;
}
