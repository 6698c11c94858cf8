import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';

/** Questions on the terminal, one after the other. */
export interface Dialogue {
  say(line: string): void;
  /** The answer, without spaces around it; undefined when the user closed the input (Ctrl-D). Rejects when `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

/** Whether there is somebody to ask. */
export function isAskable({ stdin, stderr }: Context): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Opens a dialogue on stdin and stderr: stdout is for results. */
export function openDialogue({ stdin, stderr }: Context): Dialogue {
  const lines = createInterface({ input: stdin, output: stderr });
  // The terminal hands Ctrl-C to whoever reads from it: here it means what it means elsewhere.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  return {
    say: (line) => void stderr.write(`${line}\n`),
    ask: async (question, signal) => {
      try {
        return (await lines.question(question, { signal: AbortSignal.any([signal, closed.signal]) })).trim();
      } catch (error) {
        stderr.write('\n');
        signal.throwIfAborted();
        if (closed.signal.aborted) return undefined;
        throw error;
      }
    },
    close: () => lines.close(),
  };
}
