import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Observation } from './sampler.ts';

/** The configurations of the lowest losses, best first; at most `count`. */
export function bestOf(observations: readonly Observation[], count: number): Hyperparameters[] {
  return observations
    .filter(({ loss }) => loss !== null)
    .toSorted((a, b) => Number(a.loss) - Number(b.loss))
    .slice(0, count)
    .map(({ hyperparameters }) => hyperparameters);
}
