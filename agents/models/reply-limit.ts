import { AsyncLocalStorage } from 'node:async_hooks';
import { isObject } from './request-places.ts';

type Body = Readonly<Record<string, unknown>>;

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
  if (tokens === undefined || !isObject(body)) return body;
  if ('contents' in body) return withLimitIn(body, 'generationConfig', 'maxOutputTokens', tokens); // Google
  if (!('messages' in body)) return body;
  if (!('model' in body)) return withLimitIn(body, 'inferenceConfig', 'maxTokens', tokens); // Amazon names it in the address
  const names = ['max_completion_tokens', 'max_tokens'].filter((name) => typeof body[name] === 'number');
  if (names.length === 0) return { ...body, max_completion_tokens: tokens };
  return { ...body, ...Object.fromEntries(names.map((name) => [name, atMost(tokens, body[name])])) };
}

function withLimitIn(body: Body, part: string, name: string, tokens: number): Body {
  const given = isObject(body[part]) ? body[part] : {};
  return { ...body, [part]: { ...given, [name]: atMost(tokens, given[name]) } };
}

function atMost(tokens: number, given: unknown): number {
  return typeof given === 'number' ? Math.min(tokens, given) : tokens;
}
