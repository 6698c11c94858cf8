import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage } from '@langchain/core/messages';
import { toBoundedReply } from './bounded-reply.ts';
import { ModelTimeout } from './model-fault.ts';
import { withReplyLimit } from './models/reply-limit.ts';
import { watchingRequests } from './models/request-watch.ts';
import { askPatiently } from './patient-call.ts';
import { type AccountedCall, RequestAccount } from './request-account.ts';

export interface ModelCall extends AccountedCall {
  readonly signal: AbortSignal;
  /** One request to the model in use, which a fallback may have become. */
  readonly send: (chat: BaseChatModel) => Promise<AIMessage>;
}

/**
 * One guarded model call: the budget is asked before each request, failures that may pass are repeated a bounded number of
 * times, what each request used is recorded before anyone uses the reply, of which no more is kept than anyone needs. What
 * remains is an AgentHpoError with its cause; an abort throws the signal’s reason.
 */
export async function callModel(call: ModelCall): Promise<AIMessage> {
  const account = new RequestAccount(call);
  const reply = await askPatiently(call, {
    send: () => sendOnce(call, account),
    failed: (failure) => account.failed(failure),
  });
  await account.answered(reply);
  return toBoundedReply(reply);
}

/** One attempt, within what the budget has room for. */
async function sendOnce(call: ModelCall, account: RequestAccount): Promise<AIMessage> {
  const replyLimit = account.open();
  let noRoom: { readonly error: unknown } | undefined;
  const leaves = async () => {
    try {
      await account.leaves();
    } catch (error) {
      noRoom = { error }; // the client would make a broken connection of it
      throw error;
    }
  };
  try {
    return await withReplyLimit(replyLimit, () => watchingRequests(leaves, () => inTime(call)));
  } catch (error) {
    throw noRoom === undefined ? error : noRoom.error;
  }
}

/** A server may answer headers and then nothing, a client may not listen to its signal: neither holds up a study. */
async function inTime({ send, access, signal }: ModelCall): Promise<AIMessage> {
  const { timeoutSeconds } = access.limits;
  const { promise: ended, reject } = withRejection();
  const timer = setTimeout(() => reject(new ModelTimeout(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000);
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([send(access.model.chat), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function withRejection() {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}
