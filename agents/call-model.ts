import { setTimeout as sleep } from 'node:timers/promises';
import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import type { ModelAccess, ModelRole } from './model-access.ts';
import { ModelTimeout, toModelError, toModelFault } from './model-fault.ts';
import { readUsage, type TokenCounts } from './models/read-usage.ts';
import { estimateTokens } from './models/text-usage.ts';

/** Tokens set aside for the reply when a budget is asked. */
const REPLY_TOKENS = 500;

export interface ModelCall {
  readonly access: ModelAccess;
  readonly role: ModelRole;
  readonly trial?: number;
  readonly messages: readonly BaseMessage[];
  /** Text that goes along with the messages (the tools’ schemas), for the estimate. */
  readonly alsoSent?: string;
  readonly signal: AbortSignal;
  /** One request to the model. */
  readonly send: () => Promise<AIMessage>;
}

/**
 * One guarded model call: the budget is asked before it, failures that may pass are repeated a bounded number of
 * times, the reply’s usage is recorded before anyone uses it. What remains is an AgentHpoError with its cause;
 * an abort throws the signal’s reason.
 */
export async function callModel(call: ModelCall): Promise<AIMessage> {
  const { access, role, trial, messages, alsoSent = '' } = call;
  const promptEstimate = estimateTokens(alsoSent, ...messages.map(({ text }) => text));
  if (!access.model.isOffline) await access.reserve(promptEstimate + REPLY_TOKENS);
  const started = performance.now();
  const reply = await withRetries(call);
  const counts = readUsage(reply);
  await access.recordUsage({
    role,
    ...(trial !== undefined && { trial }),
    model: access.model.name,
    ...counts,
    ...(isUnknown(counts, access) && { estimatedTokens: promptEstimate + estimateReply(reply) }),
    costUsd: access.model.isOffline ? 0 : access.costOf(counts),
    seconds: (performance.now() - started) / 1000,
  });
  return reply;
}

function isUnknown({ promptTokens, completionTokens }: TokenCounts, { model }: ModelAccess): boolean {
  return !model.isOffline && (promptTokens === null || completionTokens === null);
}

function estimateReply({ text, tool_calls: calls = [] }: AIMessage): number {
  return estimateTokens(text, ...calls.map((call) => JSON.stringify(call.args)));
}

async function withRetries(call: ModelCall): Promise<AIMessage> {
  const { model, limits } = call.access;
  for (let attempt = 1; ; attempt++) {
    try {
      call.signal.throwIfAborted();
      return await withinTime(call);
    } catch (error) {
      call.signal.throwIfAborted();
      const fault = model.isOffline ? undefined : toModelFault(error);
      if (fault === undefined) throw error;
      const delayMs = fault.retryAfterMs ?? backOffMs(attempt, limits);
      if (!fault.isPassing || attempt > limits.maxRetries || delayMs > limits.maxDelayMs)
        throw toModelError(fault, model, error);
      const { role, trial } = call;
      const text = `${fault.what}; attempt ${attempt + 1} in ${Math.round(delayMs)} ms`;
      call.access.transcript({ role, kind: 'retry', text, ...(trial !== undefined && { trial }) });
      await sleep(delayMs, undefined, { signal: call.signal }).catch(() => call.signal.throwIfAborted());
    }
  }
}

/** Doubling waits, spread by a quarter either way so that parallel studies do not knock together. */
function backOffMs(attempt: number, { firstDelayMs, maxDelayMs }: ModelAccess['limits']): number {
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));
}

/** A server may answer headers and then nothing; the library’s own time limit does not see that. */
async function withinTime({ send, access }: ModelCall): Promise<AIMessage> {
  const { timeoutSeconds } = access.limits;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ModelTimeout(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([send(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
