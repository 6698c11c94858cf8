const DEADLY = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `action` when the process exits, or dies of a signal that nobody else handles; a signal that somebody does
 * handle is theirs. The returned function takes the promise back.
 */
export function atProcessEnd(action: () => void): () => void {
  const release = () => {
    process.off('exit', action);
    for (const signal of DEADLY) process.off(signal, die);
  };
  const die = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    action();
    release();
    process.kill(process.pid, signal);
  };
  process.on('exit', action);
  for (const signal of DEADLY) process.on(signal, die);
  return release;
}
