import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { EventOf } from '../study/events.ts';
import type { CountedTokens } from '../study/price.ts';

export type ModelRole = EventOf<'model-called'>['role'];

/** What one successful model call cost: the body of a `model-called` event. */
export type ModelUsage = Omit<EventOf<'model-called'>, 'event'>;

/** A model ready to be called. */
export interface ResolvedModel {
  readonly chat: BaseChatModel;
  /** As the user names it: `openai:gpt-5-mini`, `offline`. */
  readonly name: string;
  /** The embedded model: no language model, no network, no cost. */
  readonly isOffline: boolean;
  /** Where prompts are sent; null for the embedded model. */
  readonly endpoint: string | null;
  /** How to mend a refused key, in words; null where none is needed. */
  readonly keySource: string | null;
  /** Takes the next fallback model into use, which every other member then speaks of; false when there is none. */
  readonly fallBack?: () => boolean;
}

/** One line of the transcript: what was said between an agent, its model and its tools. */
export interface TranscriptEntry {
  readonly role: ModelRole;
  readonly trial?: number;
  readonly kind: 'prompt' | 'reply' | 'tool-result' | 'retry' | 'fallback' | 'outcome';
  readonly text: string;
  readonly tool?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[];
}

/** Patience with a model’s server. */
export interface CallLimits {
  /** For one answer, from request to its last byte. */
  readonly timeoutSeconds: number;
  /** Repetitions after a failure that may pass. */
  readonly maxRetries: number;
  /** No attempt begins later than this after the first; a server that asks for a longer wait is given up at once. */
  readonly retrySeconds: number;
  readonly firstDelayMs: number;
  /** The longest wait between two attempts, where the server names none. */
  readonly maxDelayMs: number;
}

export const DEFAULT_CALL_LIMITS: CallLimits = {
  timeoutSeconds: 120,
  maxRetries: 15,
  retrySeconds: 300,
  firstDelayMs: 500,
  maxDelayMs: 30_000,
};

/** A model with everything that guards, counts and records its calls. */
export interface ModelAccess {
  readonly model: ResolvedModel;
  readonly limits: CallLimits;
  /**
   * Asked before each request with a high estimate of its prompt’s tokens. Answers the most tokens that the reply may have
   * (undefined: no limit); throws when the budget has no room for it.
   */
  readonly reserve: (promptTokens: number) => number | undefined;
  /** Told of each successful call, before its reply is used. */
  readonly recordUsage: (usage: ModelUsage) => void | Promise<void>;
  readonly transcript: (entry: TranscriptEntry) => void;
  /** Tells the user what holds the study up. */
  readonly say?: (line: string) => void;
  /** US dollars of a call; null where the price is unknown. The embedded model is never asked. */
  readonly costOf: (counted: CountedTokens) => number | null;
}
