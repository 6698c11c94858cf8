import type { ResolvedModel } from '../model-access.ts';

/**
 * A model with others behind it, in the order of the user’s wish. It stands for the one in use; `fallBack` takes the
 * next into use, for as long as this object lives: a server that just failed is not tried again before the next resume.
 */
export function withFallbacks(first: ResolvedModel, fallbacks: readonly ResolvedModel[]): ResolvedModel {
  const waiting = [...fallbacks];
  let current = first;
  return {
    get chat() {
      return current.chat;
    },
    get name() {
      return current.name;
    },
    get isOffline() {
      return current.isOffline;
    },
    get endpoint() {
      return current.endpoint;
    },
    get keySource() {
      return current.keySource;
    },
    fallBack: () => {
      const next = waiting.shift();
      if (next === undefined) return false;
      current = next;
      return true;
    },
  };
}
