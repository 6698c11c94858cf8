import type { Logger } from 'pino';
import { destination, pino } from 'pino';
import { type Redact, redactData } from '../study/redact.ts';

/** agent.log: prompts, replies, tool calls and troubles as pino JSON, private to the user, secrets replaced. */
export function createAgentLog(file: string, redact: Redact): Logger {
  const sink = destination({ dest: file, sync: true, mode: 0o600 });
  return pino(
    {
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        log: (entry) =>
          Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, redactData(value, redact)])),
      },
    },
    sink,
  );
}
