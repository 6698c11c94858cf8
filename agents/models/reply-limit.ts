import { AsyncLocalStorage } from 'node:async_hooks';

/** Holds for one call and whatever it awaits: the library offers no way to give a single call a limit. */
const limit = new AsyncLocalStorage<number>();

/** Runs `send` so that its request asks for a reply of at most so many tokens; undefined: as many as the model likes. */
export function withReplyLimit<Reply>(tokens: number | undefined, send: () => Promise<Reply>): Promise<Reply> {
  return tokens === undefined ? send() : limit.run(tokens, send);
}

/**
 * The body of a request with the limit of the call that sends it, in the words of the body’s own protocol: a limit that
 * is there already is only ever lowered.
 */
export function withLimitedReply(body: unknown): unknown {
  const tokens = limit.getStore();
  if (tokens === undefined || typeof body !== 'object' || body === null) return body;
  const names = ['max_completion_tokens', 'max_tokens'].filter((name) => typeof Reflect.get(body, name) === 'number');
  if (names.length === 0) return 'messages' in body ? { ...body, max_completion_tokens: tokens } : body;
  const lowered = names.map((name) => [name, Math.min(tokens, Number(Reflect.get(body, name)))]);
  return { ...body, ...Object.fromEntries(lowered) };
}
