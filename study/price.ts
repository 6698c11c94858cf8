/** What a model’s tokens cost. `unknown` is never taken for 0. */
export type Price =
  | { readonly kind: 'priced'; readonly rates: Rates }
  /** `why` in a few words: `it runs on this machine`. */
  | { readonly kind: 'free'; readonly why: string }
  | { readonly kind: 'unknown' };

/** US dollars for a million tokens. */
export interface Rates {
  readonly input: number;
  /** Of prompt tokens that the provider had in its cache; left out: like any other. */
  readonly cachedInput?: number;
  /** Reasoning included. */
  readonly output: number;
}

export interface CountedTokens {
  /** Cached ones included. */
  readonly promptTokens: number | null;
  /** Reasoning included. */
  readonly completionTokens: number | null;
  readonly cachedTokens?: number;
}

/** US dollars of one call; null when the price is unknown, or the provider counted no tokens. */
export function costOfCall(price: Price, { promptTokens, completionTokens, cachedTokens = 0 }: CountedTokens) {
  if (price.kind === 'free') return 0;
  if (price.kind === 'unknown' || promptTokens === null || completionTokens === null) return null;
  const { input, output, cachedInput = input } = price.rates;
  const cached = Math.min(cachedTokens, promptTokens);
  return ((promptTokens - cached) * input + cached * cachedInput + completionTokens * output) / 1e6;
}
