import { AgentHpoError } from './errors.ts';
import type { SeedTarget } from './task.ts';

/**
 * A place in a word of `train.args` or a value of `train.env` that is filled for each training: `{name}` with the
 * value, `{name?yes:no}` and `{name?yes}` with one text or the other for a boolean.
 */
export interface Slot {
  readonly name: string;
  /** `{name?yes:no}`: the text when true. */
  readonly whenTrue?: string;
  /** `{name?yes:no}`: the text when false; without one, nothing is written at all. */
  readonly whenFalse?: string;
  /** Where it stands in its word. */
  readonly start: number;
  readonly end: number;
}

/** Not after a `$`: `${…}` belongs to Hydra and OmegaConf. Other braces (JSON, `{}`) are no slots. */
const SLOT = /(?<!\$)\{([\p{L}_][\p{L}\p{N}_.-]*)(?:\?([^{}?:\s]+)(?::([^{}\s]+))?)?\}/gu;

/** The slots of a word, from left to right. */
export function slotsIn(word: string): Slot[] {
  return [...word.matchAll(SLOT)].map(({ 0: slot, 1: name = '', 2: whenTrue, 3: whenFalse, index }) => ({
    name,
    whenTrue,
    whenFalse,
    start: index,
    end: index + slot.length,
  }));
}

/** The names that every training’s command line and variables fill in. */
export function slotNames({ args, env }: { args: readonly string[]; env: Readonly<Record<string, string>> }) {
  return new Set([...args, ...Object.values(env)].flatMap(slotsIn).map(({ name }) => name));
}

/** Whether a training gets its seed, named by `train.seed` or by `{seed}` alone. */
export function getsSeed(train: Parameters<typeof slotNames>[0] & { readonly seed?: SeedTarget }): boolean {
  return train.seed !== undefined || slotNames(train).has('seed');
}

/**
 * Words as a shell would split them, without its expansions: single quotes keep everything, double quotes all but
 * `\"` and `\\`. A backslash outside quotes keeps the next character. Throws `task-invalid` for an open quote.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, single, double, escaped] of line.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|\s+|[^\s'"\\]+|./gsu,
  )) {
    if (single !== undefined) word = (word ?? '') + single;
    else if (double !== undefined) word = (word ?? '') + double.replace(/\\(["\\])/g, '$1');
    else if (escaped !== undefined) word = (word ?? '') + escaped;
    else if (piece === "'" || piece === '"') throw openQuote(line, piece);
    else if (piece.trim() !== '') word = (word ?? '') + piece;
    else {
      if (word !== undefined) words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

function openQuote(line: string, quote: string): AgentHpoError {
  return new AgentHpoError({
    code: 'task-invalid',
    message: `train.args: the quote ${quote} is opened and not closed in: ${line}`,
    hint: 'Close the quote, or write each word as an item of a YAML list.',
  });
}
