/** Words at their humps, numbers in groups of three digits, white space that is more than one space, all else: as tokenizers cut. */
const PIECES = /[A-Z]?[a-z]+|[A-Z]+|[^\P{L}A-Za-z]+|\p{N}{1,3}|\t| {2,}|\n+|[^\s\p{L}\p{N}]+/gu;

/** Characters of a piece that one token holds at least, by what the piece begins with; the first that fits. */
const CHARACTERS_PER_TOKEN: readonly (readonly [RegExp, number])[] = [
  [/^[A-Za-z]/, 4],
  [/^\p{L}/u, 1.5],
  [/^\p{N}/u, 3],
  [/^\s/, Number.POSITIVE_INFINITY],
  [/^[!-~]/, 2],
];

/**
 * A high estimate of the tokens of texts, for asking a budget before a call; what was used is counted by the provider.
 * Digits are counted by their groups, because tables of numbers take two to three times the tokens that their length
 * suggests for prose.
 */
export function estimateTokens(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateText(text), 0);
}

function estimateText(text: string): number {
  return [...text.matchAll(PIECES)].reduce((sum, [piece]) => sum + tokensOf(piece), 0);
}

function tokensOf(piece: string): number {
  const [, characters = 0.5] = CHARACTERS_PER_TOKEN.find(([beginning]) => beginning.test(piece)) ?? [];
  return Math.max(1, Math.ceil(piece.length / characters));
}
