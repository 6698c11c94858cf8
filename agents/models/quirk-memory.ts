import type { ModelQuirk } from '../../study/model-quirk.ts';
import type { LearnedQuirk } from './learn-quirk.ts';

/** What is known of a model’s server, and where to write down what is learned. A study keeps it in its log. */
export interface QuirkMemory {
  readonly known: () => ReadonlySet<ModelQuirk>;
  readonly learned: (quirk: LearnedQuirk) => void;
}

/** A memory that lasts as long as its model, for a call outside of any study. */
export function shortMemory(set: readonly ModelQuirk[] = []): QuirkMemory {
  const known = new Set(set);
  return { known: () => known, learned: ({ quirk }) => void known.add(quirk) };
}
