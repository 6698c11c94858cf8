import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ModelAccess, ModelRole, ModelUsage } from './model-access.ts';
import type { RequestFate } from './model-fault.ts';
import { readUsage } from './models/read-usage.ts';
import { estimateTokens } from './models/text-usage.ts';

/** What a protocol puts around each message. */
const TOKENS_AROUND_A_MESSAGE = 8;

export interface AccountedCall {
  readonly access: ModelAccess;
  readonly role: ModelRole;
  readonly trial?: number;
  readonly messages: readonly BaseMessage[];
  /** Text that goes along with the messages (the tools’ schemas), for the estimate. */
  readonly alsoSent?: string;
}

/** Why a request brought no reply, and what that means for the bill. */
export interface FailedRequest {
  readonly fate: RequestFate;
  readonly what: string;
}

interface OpenRequest {
  /** The most tokens that its reply may have; undefined: no limit. */
  readonly replyTokens: number | undefined;
  readonly since: number;
  hasLeft: boolean;
}

/**
 * The books of one model call: each request is reserved before it leaves, and recorded once when its fate is known. What
 * was reserved for a request whose fate nobody knows stays spent, as an estimate. The embedded model’s failures are no requests.
 */
export class RequestAccount {
  readonly #call: AccountedCall;
  readonly #promptTokens: number;
  #open: OpenRequest | undefined;

  constructor(call: AccountedCall) {
    this.#call = call;
    this.#promptTokens = estimatePrompt(call);
  }

  /** Makes room for a request. Answers the limit of its reply in tokens; throws `BudgetReached` when there is no room. */
  open(): number | undefined {
    const { model, reserve } = this.#call.access;
    const replyTokens = model.isOffline ? undefined : reserve(this.#promptTokens);
    this.#open = { replyTokens, since: performance.now(), hasLeft: false };
    return replyTokens;
  }

  /** Told before a request goes out. A second one means that the server refused the first: that one is recorded, this one needs room too. */
  async leaves(): Promise<void> {
    if (this.#open?.hasLeft) {
      await this.failed({ fate: 'refused', what: 'refused in this form, sent again in another' });
      this.open();
    }
    if (this.#open !== undefined) this.#open.hasLeft = true;
  }

  /** Records the request with the usage that its reply reports, or an estimate of it. Nothing is recorded twice. */
  async answered(reply: AIMessage): Promise<void> {
    const { access } = this.#call;
    const counts = readUsage(reply);
    const isCounted = access.model.isOffline || (counts.promptTokens !== null && counts.completionTokens !== null);
    await this.#close({
      ...counts,
      ...(!isCounted && this.#estimate(estimateReply(reply))),
      costUsd: access.model.isOffline ? 0 : access.costOf(counts),
    });
  }

  /** Records a request that brought no reply; one that never reached its server is none. */
  async failed({ fate, what }: FailedRequest): Promise<void> {
    const { access } = this.#call;
    const replyTokens = this.#open?.replyTokens ?? 0;
    if (access.model.isOffline || fate === 'not-sent') this.#open = undefined;
    else if (fate === 'refused') await this.#close({ promptTokens: 0, completionTokens: 0, costUsd: 0, failure: what });
    else {
      const uncounted = { promptTokens: null, completionTokens: null };
      await this.#close({
        ...uncounted,
        ...this.#estimate(replyTokens),
        costUsd: access.costOf(uncounted),
        failure: what,
      });
    }
  }

  /** In place of what the server did not count. */
  #estimate(completionTokens: number) {
    const promptTokens = this.#promptTokens;
    const usd = this.#call.access.costOf({ promptTokens, completionTokens });
    return { estimatedTokens: promptTokens + completionTokens, ...(usd !== null && { estimatedUsd: usd }) };
  }

  async #close(usage: Omit<ModelUsage, 'role' | 'trial' | 'model' | 'seconds'>): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { access, role, trial } = this.#call;
    await access.recordUsage({
      role,
      ...(trial !== undefined && { trial }),
      model: access.model.name,
      ...usage,
      seconds: (performance.now() - open.since) / 1000,
    });
  }
}

function estimatePrompt({ messages, alsoSent = '' }: AccountedCall): number {
  const texts = messages.map((message) => `${message.text}${callsOf(message)}`);
  return estimateTokens(alsoSent, ...texts) + TOKENS_AROUND_A_MESSAGE * messages.length;
}

/** Earlier tool calls are sent again too. */
function callsOf(message: BaseMessage): string {
  return AIMessage.isInstance(message) ? JSON.stringify(message.tool_calls ?? []) : '';
}

function estimateReply({ text, tool_calls: calls = [] }: AIMessage): number {
  return estimateTokens(text, ...calls.map((call) => JSON.stringify(call.args)));
}
