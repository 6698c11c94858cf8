/** Digits and JSON take more tokens than prose; three characters a token errs on the high side for both. */
const CHARACTERS_PER_TOKEN = 3;

/** A rough, high estimate of the tokens of texts, for asking a budget before a call; what was used is counted by the provider. */
export function estimateTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN);
}
