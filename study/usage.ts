import type { EventOf } from './events.ts';

/** Tokens and money by role; `costUsd` is null as soon as one call’s price is unknown. */
export interface Usage {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the prompt tokens, those that the provider had in its cache. */
  readonly cachedTokens: number;
  /** Of the completion tokens, those that were thought and not said. */
  readonly reasoningTokens: number;
  /** Of calls whose provider reported no usage. */
  readonly estimatedTokens: number;
  readonly costUsd: number | null;
  /** What counts towards a money budget: known costs, and estimates of calls whose provider reported no usage. */
  readonly spentUsd: number;
  readonly seconds: number;
}

export const NO_USAGE: Usage = {
  requests: 0,
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  estimatedTokens: 0,
  costUsd: 0,
  spentUsd: 0,
  seconds: 0,
};

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    estimatedTokens: a.estimatedTokens + b.estimatedTokens,
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
    spentUsd: a.spentUsd + b.spentUsd,
    seconds: a.seconds + b.seconds,
  };
}

/** What one call took. */
export function usageOf(event: EventOf<'model-called'>): Usage {
  return {
    requests: 1,
    promptTokens: event.promptTokens ?? 0,
    completionTokens: event.completionTokens ?? 0,
    cachedTokens: event.cachedTokens ?? 0,
    reasoningTokens: event.reasoningTokens ?? 0,
    estimatedTokens: event.estimatedTokens ?? 0,
    costUsd: event.costUsd,
    spentUsd: event.costUsd ?? event.estimatedUsd ?? 0,
    seconds: event.seconds,
  };
}
