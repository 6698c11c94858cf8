import type { AIMessage } from '@langchain/core/messages';
import { HumanMessage } from '@langchain/core/messages';
import { callModel } from './call-model.ts';
import { DEFAULT_CALL_LIMITS, type ModelUsage, type ResolvedModel } from './model-access.ts';

const QUESTION = 'Call the tool Ready now, without any text.';

const READY_TOOL = {
  type: 'function',
  function: { name: 'Ready', description: 'Says that you are there.', parameters: { type: 'object', properties: {} } },
} as const;

export interface RoundTrip {
  /** null where the server does not count. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly seconds: number;
  /** Both agents work through tools: a model that calls none cannot play them. */
  readonly calledTool: boolean;
}

/**
 * One request to a model, on the path that a study takes, never repeated. Throws AgentHpoError `model-unusable` or `model-failed`
 * with the fault as its cause.
 */
export async function roundTrip(model: ResolvedModel, timeoutSeconds: number, signal: AbortSignal): Promise<RoundTrip> {
  let usage: ModelUsage | undefined;
  const messages = [new HumanMessage(QUESTION)];
  const chat = model.chat.bindTools?.([READY_TOOL]) ?? model.chat;
  const reply = await callModel({
    access: {
      model,
      limits: { ...DEFAULT_CALL_LIMITS, timeoutSeconds, maxRetries: 0 },
      reserve: () => undefined,
      recordUsage: (each) => {
        usage = each;
      },
      transcript: () => undefined,
      costOf: () => null,
    },
    role: 'creator',
    messages,
    alsoSent: JSON.stringify(READY_TOOL),
    signal,
    send: (): Promise<AIMessage> => chat.invoke(messages, { signal }),
  });
  return {
    promptTokens: usage?.promptTokens ?? null,
    completionTokens: usage?.completionTokens ?? null,
    seconds: usage?.seconds ?? 0,
    calledTool: (reply.tool_calls ?? []).length > 0,
  };
}
