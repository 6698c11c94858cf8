import { AsyncLocalStorage } from 'node:async_hooks';
import { UnreadableReply } from '../model-fault.ts';
import { readRefusal } from './learn-quirk.ts';

/** One call of a client that is not ours. */
interface ProviderCall {
  readonly signal: AbortSignal | undefined;
  /** For a client that asks the global `fetch` and knows no other. */
  readonly fetch: typeof fetch | undefined;
  /** Why its request failed, before the client worded it in its own way. */
  failure?: Error;
  wasAnswered?: boolean;
}

/** Holds for one call and whatever it awaits: not every client passes on a signal, or takes a `fetch`. */
const current = new AsyncLocalStorage<ProviderCall>();

/** A server’s no, in its own words: the same for every client. */
class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  readonly status: number;
  readonly headers: Headers;
  /** `insufficient_quota`, `content_filter` …, where the server has a word for it. */
  readonly code: string | undefined;

  constructor({ status, headers }: Response, { message, code }: ReturnType<typeof readRefusal>) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.code = code;
  }
}

/**
 * Runs a call of a provider’s client. Its request ends with `signal`, and it goes through `fetch` where the client knows only the
 * global one. Rejects with what the server or the network said, whatever the client made of it.
 */
export async function withinProviderCall<Reply>(
  { signal, fetch }: Pick<ProviderCall, 'signal' | 'fetch'>,
  send: () => Promise<Reply>,
): Promise<Reply> {
  const call: ProviderCall = { signal, fetch };
  try {
    return await current.run(call, send);
  } catch (error) {
    signal?.throwIfAborted();
    if (call.failure !== undefined) throw call.failure;
    throw call.wasAnswered ? new UnreadableReply('its client cannot read the reply', { cause: error }) : error;
  }
}

/**
 * The server of a client that is told no other. It exists nowhere (RFC 2606): should a version of the client find another way
 * out than ours, nothing leaves the machine.
 */
export const THROUGH_US = 'https://through-agenthpo.invalid';

/**
 * The `fetch` that a provider’s client is given: it ends with the signal of the call, which learns why it failed. What is asked of
 * `THROUGH_US` goes to `baseUrl`.
 */
export function createProviderFetch(send: typeof fetch, baseUrl = THROUGH_US): typeof fetch {
  return async (input, init) => {
    const call = current.getStore();
    try {
      const [url, request] = input instanceof Request ? [input.url, await asInit(input)] : [input, init];
      const target = String(url).replace(THROUGH_US, () => baseUrl);
      const response = await send(target, withSignal(request, call?.signal));
      if (call === undefined) return response;
      call.wasAnswered = response.ok;
      call.failure = response.ok ? undefined : new ServerFailure(response, readRefusal(await response.clone().text()));
      return response;
    } catch (error) {
      if (call !== undefined && error instanceof Error) call.failure = error;
      throw error;
    }
  };
}

/** What `routeGlobalFetch` put in place: it is done once. */
const routed = new WeakSet<typeof fetch>();

/** Lets the global `fetch` be that of the call in which it is asked; outside of calls it stays what it was. */
export function routeGlobalFetch(): void {
  const usual = globalThis.fetch;
  if (routed.has(usual)) return;
  const byCall: typeof fetch = (input, init) => (current.getStore()?.fetch ?? usual)(input, init);
  routed.add(byCall);
  globalThis.fetch = byCall;
}

async function asInit(request: Request): Promise<RequestInit> {
  const { method, headers, signal } = request;
  return { method, headers, signal, body: await request.text() };
}

function withSignal(init: RequestInit | undefined, signal: AbortSignal | undefined): RequestInit | undefined {
  if (signal === undefined) return init;
  return { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal };
}
