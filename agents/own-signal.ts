import { setMaxListeners } from 'node:events';

/**
 * Does `work` under a signal of its own that aborts with `signal`. Libraries add listeners to the signal of every request
 * and leave them there; on the signal of a whole study they would pile up.
 */
export async function withOwnSignal<Result>(
  signal: AbortSignal,
  work: (own: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', follow);
  }
}
