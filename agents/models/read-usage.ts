import type { AIMessage } from '@langchain/core/messages';

export interface TokenCounts {
  /** null when the server did not say. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

/** The tokens that a server reported with its reply; servers that report none yield an object without totals. */
export function readUsage(reply: AIMessage): TokenCounts {
  const usage = reply.usage_metadata;
  const cachedTokens = count(usage?.input_token_details?.cache_read);
  const reasoningTokens = count(usage?.output_token_details?.reasoning);
  return {
    promptTokens: count(usage?.input_tokens),
    completionTokens: count(usage?.output_tokens),
    ...(cachedTokens !== null && { cachedTokens }),
    ...(reasoningTokens !== null && { reasoningTokens }),
  };
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}
