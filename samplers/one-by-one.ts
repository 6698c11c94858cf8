import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SamplerRequest, Suggestion } from './sampler.ts';
import { TriedSet } from './tried.ts';

/**
 * Answers a request with one point after the other, each of them new against everything tried, pending and chosen
 * before. `suggest` is told which points this request has already chosen; it answers undefined when nothing is left.
 */
export function suggestOneByOne(
  request: SamplerRequest,
  suggest: (tried: TriedSet, chosen: readonly Hyperparameters[]) => Suggestion | undefined,
): Suggestion[] {
  const tried = triedBy(request);
  const suggestions: Suggestion[] = [];
  while (suggestions.length < request.count) {
    const chosen = suggestions.map(({ hyperparameters }) => hyperparameters);
    const next = suggest(tried, chosen);
    if (next === undefined) break;
    suggestions.push(next);
    tried.add(next.hyperparameters);
  }
  return suggestions;
}

/** A configuration with how it was found; undefined when there is none. */
export function suggestion(hyperparameters: Hyperparameters | undefined, how: string): Suggestion | undefined {
  return hyperparameters === undefined ? undefined : { hyperparameters, how };
}

/** Everything that a request rules out. */
export function triedBy({
  space,
  observations,
  pending,
  excluded = [],
}: Pick<SamplerRequest, 'space' | 'observations' | 'pending' | 'excluded'>): TriedSet {
  const tried = observations.filter(({ isEarlier }) => isEarlier !== true);
  return new TriedSet(space, [...tried.map(({ hyperparameters }) => hyperparameters), ...pending, ...excluded]);
}
