import type { ResolvedModel } from '../model-access.ts';

/**
 * A model with others behind it, in the order of the user’s wish. It stands for the first that is not given up; `fallBack`
 * gives that one up, by its name in `givenUp`. The roles of a study share that set, so that what one has waited for in vain
 * is not tried again by another before the next resume.
 */
export function withFallbacks(
  first: ResolvedModel,
  fallbacks: readonly ResolvedModel[],
  givenUp: Set<string> = new Set(),
): ResolvedModel {
  const line = [first, ...fallbacks];
  const current = () => line.find(({ name }) => !givenUp.has(name)) ?? line.at(-1) ?? first;
  return {
    get chat() {
      return current().chat;
    },
    get name() {
      return current().name;
    },
    get isOffline() {
      return current().isOffline;
    },
    get endpoint() {
      return current().endpoint;
    },
    get keySource() {
      return current().keySource;
    },
    fallBack: () => {
      const failed = current().name;
      const isLast = line.every(({ name }) => name === failed || givenUp.has(name));
      if (!isLast) givenUp.add(failed);
      return !isLast;
    },
  };
}
