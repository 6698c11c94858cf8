import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ModelAccess, ModelRole } from './model-access.ts';
import { ModelTimeout } from './model-fault.ts';
import { readUsage, type TokenCounts } from './models/read-usage.ts';
import { withReplyLimit } from './models/reply-limit.ts';
import { estimateTokens } from './models/text-usage.ts';
import { askPatiently } from './patient-call.ts';

/** What a protocol puts around each message. */
const TOKENS_AROUND_A_MESSAGE = 8;

export interface ModelCall {
  readonly access: ModelAccess;
  readonly role: ModelRole;
  readonly trial?: number;
  readonly messages: readonly BaseMessage[];
  /** Text that goes along with the messages (the tools’ schemas), for the estimate. */
  readonly alsoSent?: string;
  readonly signal: AbortSignal;
  /** One request to the model in use, which a fallback may have become. */
  readonly send: (chat: BaseChatModel) => Promise<AIMessage>;
}

/**
 * One guarded model call: the budget is asked before each request, failures that may pass are repeated a bounded number of
 * times, the reply’s usage is recorded before anyone uses it. What remains is an AgentHpoError with its cause;
 * an abort throws the signal’s reason.
 */
export async function callModel(call: ModelCall): Promise<AIMessage> {
  const { access, role, trial } = call;
  const promptEstimate = estimatePrompt(call);
  const started = performance.now();
  const reply = await askPatiently(call, () => sendOnce(call, promptEstimate));
  const counts = readUsage(reply);
  await access.recordUsage({
    role,
    ...(trial !== undefined && { trial }),
    model: access.model.name,
    ...counts,
    ...(isUnknown(counts, access) && estimatedUse(promptEstimate, estimateReply(reply), access)),
    costUsd: access.model.isOffline ? 0 : access.costOf(counts),
    seconds: (performance.now() - started) / 1000,
  });
  return reply;
}

function isUnknown({ promptTokens, completionTokens }: TokenCounts, { model }: ModelAccess): boolean {
  return !model.isOffline && (promptTokens === null || completionTokens === null);
}

/** In place of what the server did not count. */
function estimatedUse(promptTokens: number, completionTokens: number, { costOf }: ModelAccess) {
  const usd = costOf({ promptTokens, completionTokens });
  return { estimatedTokens: promptTokens + completionTokens, ...(usd !== null && { estimatedUsd: usd }) };
}

function estimatePrompt({ messages, alsoSent = '' }: ModelCall): number {
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

/** One attempt, within what the budget has room for. */
async function sendOnce(call: ModelCall, promptTokens: number): Promise<AIMessage> {
  const { model, reserve } = call.access;
  const replyLimit = model.isOffline ? undefined : reserve(promptTokens);
  return await withReplyLimit(replyLimit, () => withinTime(call));
}

/** A server may answer headers and then nothing; the library’s own time limit does not see that. */
async function withinTime({ send, access }: ModelCall): Promise<AIMessage> {
  const { timeoutSeconds } = access.limits;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ModelTimeout(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([send(access.model.chat), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
