import type { Logger } from 'pino';
import { destination, pino } from 'pino';

/** agent.log: prompts, replies, tool calls and troubles as pino JSON, private to the user, secrets replaced. */
export function createAgentLog(file: string, secrets: readonly string[]): Logger {
  const sink = destination({ dest: file, sync: true, mode: 0o600 });
  return pino(
    {
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        streamWrite: (line) => secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line),
      },
    },
    sink,
  );
}
