import { AsyncLocalStorage } from 'node:async_hooks';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { isObject } from './request-places.ts';

type Body = Readonly<Record<string, unknown>>;

/** Holds for one call and whatever it awaits: clients read `reasoning_content` from a reply, and never send it back. */
const reasonings = new AsyncLocalStorage<readonly string[]>();

/** Runs `send`, for whose request the reasoning behind earlier replies is at hand. */
export function withEarlierReasoning<Reply>(
  messages: readonly BaseMessage[],
  send: () => Promise<Reply>,
): Promise<Reply> {
  const replies = messages.filter((message) => AIMessage.isInstance(message));
  return reasonings.run(
    replies.map(({ additional_kwargs: { reasoning_content: said } }) => (typeof said === 'string' ? said : '')),
    send,
  );
}

/** Whether the body repeats replies without the reasoning behind them. */
export function lacksReasoning(body: Body): boolean {
  return messagesOf(body).some((each) => isReply(each) && each['reasoning_content'] === undefined);
}

/** The body with the reasoning behind each reply that it repeats; an empty one where the reply had none. */
export function withReasoning(body: Body): Body {
  const waiting = [...(reasonings.getStore() ?? [])];
  const messages = messagesOf(body).map((each) =>
    isReply(each) ? { ...each, reasoning_content: waiting.shift() ?? '' } : each,
  );
  return { ...body, messages };
}

function isReply(message: unknown): message is Body {
  return isObject(message) && message['role'] === 'assistant';
}

function messagesOf({ messages }: Body): readonly unknown[] {
  return Array.isArray(messages) ? messages : [];
}
