import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SamplerRequest } from './sampler.ts';
import { TriedSet } from './tried.ts';

/**
 * Answers a request with one point after the other, each of them new against everything tried, pending and chosen
 * before. `suggest` is told which points this request has already chosen; it answers undefined when nothing is left.
 */
export function suggestOneByOne(
  request: SamplerRequest,
  suggest: (tried: TriedSet, chosen: readonly Hyperparameters[]) => Hyperparameters | undefined,
): Hyperparameters[] {
  const tried = triedBy(request);
  const chosen: Hyperparameters[] = [];
  while (chosen.length < request.count) {
    const next = suggest(tried, chosen);
    if (next === undefined) break;
    chosen.push(next);
    tried.add(next);
  }
  return chosen;
}

/** Everything that a request rules out. */
export function triedBy({
  space,
  observations,
  pending,
  excluded = [],
}: Pick<SamplerRequest, 'space' | 'observations' | 'pending' | 'excluded'>): TriedSet {
  return new TriedSet(space, [...observations.map(({ hyperparameters }) => hyperparameters), ...pending, ...excluded]);
}
