import { z } from 'zod';
import type { History } from './history.ts';
import type { Hyperparameters } from './hyperparameter.ts';

/** A hint is a sentence or two: it stands in every prompt from then on. */
export const HINT_CHARACTERS = 500;
/** So many of the newest hints, and of the newest refusals, are told to the Creator. */
export const TOLD_INPUTS = 8;

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const hint = z.object({ text: z.string().trim().min(1).max(HINT_CHARACTERS) });

const suggestion = z.object({
  /** All active hyperparameters, as the command completed them. */
  hyperparameters: z.record(z.string(), value),
  basedOn: z.union([z.int().min(1), z.literal('default')]),
});

/** A configuration that the user wants tried. Valid when it was suggested; whoever runs it looks again. */
export interface Suggestion {
  readonly id: string;
  readonly hyperparameters: Hyperparameters;
  readonly basedOn: number | 'default';
}

/** What the user told the Creator, the oldest first. What is no hint by its form is left out. */
export function hintsOf({ inputs }: Pick<History, 'inputs'>): string[] {
  return inputs.flatMap(({ kind, payload }) => {
    const read = hint.safeParse(payload);
    return kind === 'hint' && read.success ? [read.data.text] : [];
  });
}

/** What the user suggested and nobody has tried or refused yet, in the order in which it was suggested. */
export function openSuggestions(history: History): Suggestion[] {
  return suggestionsIn(history.inputs).filter(({ id }) => !history.isSettled(id));
}

/** The suggestions among these inputs; what is none by its form is left out. */
export function suggestionsIn(
  inputs: readonly { readonly id: string; readonly kind: string; readonly payload?: unknown }[],
): Suggestion[] {
  return inputs.flatMap(({ id, kind, payload }) => {
    const read = suggestion.safeParse(payload);
    return kind === 'suggest' && read.success ? [{ id, ...read.data }] : [];
  });
}
