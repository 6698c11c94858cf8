import { AsyncLocalStorage } from 'node:async_hooks';

/** Holds for one call and whatever it awaits: a client says nothing of the requests that its `fetch` makes. */
const watcher = new AsyncLocalStorage<() => Promise<void>>();

/** Runs `send` so that `leaves` is awaited before each of its requests, those included that repeat a refused one in another form. */
export function watchingRequests<Reply>(leaves: () => Promise<void>, send: () => Promise<Reply>): Promise<Reply> {
  return watcher.run(leaves, send);
}

/** To be awaited before a request leaves; rejects when it must not. */
export async function requestLeaves(): Promise<void> {
  await watcher.getStore()?.();
}
