import type { EventOf } from './events.ts';

/** What requests to models used. */
export interface Usage {
  /** Those without a reply included. */
  readonly requests: number;
  /** Of the requests, those without a reply. */
  readonly failedRequests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the prompt tokens, those that the provider had in its cache. */
  readonly cachedTokens: number;
  /** Of the completion tokens, those that were thought and not said. */
  readonly reasoningTokens: number;
  /** Beside the reported ones, for requests whose provider reported none. */
  readonly estimatedTokens: number;
  /** US dollars, estimates included; null as soon as one request’s price is unknown. */
  readonly costUsd: number | null;
  /** Of the cost, what is estimated for requests whose provider reported no usage. */
  readonly estimatedUsd: number;
  /** What counts towards a money budget: all costs that are known or estimated, whatever else is unknown. */
  readonly spentUsd: number;
  readonly seconds: number;
}

export const NO_USAGE: Usage = {
  requests: 0,
  failedRequests: 0,
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  estimatedTokens: 0,
  costUsd: 0,
  estimatedUsd: 0,
  spentUsd: 0,
  seconds: 0,
};

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    failedRequests: a.failedRequests + b.failedRequests,
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    estimatedTokens: a.estimatedTokens + b.estimatedTokens,
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
    estimatedUsd: a.estimatedUsd + b.estimatedUsd,
    spentUsd: a.spentUsd + b.spentUsd,
    seconds: a.seconds + b.seconds,
  };
}

/** Prompts, replies and estimates: all that counts towards a token budget. */
export function totalTokens({ promptTokens, completionTokens, estimatedTokens }: Usage): number {
  return promptTokens + completionTokens + estimatedTokens;
}

/** What one request took. */
export function usageOf(event: EventOf<'model-called'>): Usage {
  const costUsd = event.costUsd ?? event.estimatedUsd ?? null;
  return {
    requests: 1,
    failedRequests: event.failure === undefined ? 0 : 1,
    promptTokens: event.promptTokens ?? 0,
    completionTokens: event.completionTokens ?? 0,
    cachedTokens: event.cachedTokens ?? 0,
    reasoningTokens: event.reasoningTokens ?? 0,
    estimatedTokens: event.estimatedTokens ?? 0,
    costUsd,
    estimatedUsd: event.costUsd === null ? (event.estimatedUsd ?? 0) : 0,
    spentUsd: costUsd ?? 0,
    seconds: event.seconds,
  };
}
