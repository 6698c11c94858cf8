import type { Context } from '../context.ts';

/** Whether what is written to this stream may be coloured. */
export function hasColor(stream: NodeJS.WritableStream, environment: Context['environment']): boolean {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true;
  return isTerminal && environment['TERM'] !== 'dumb' && !environment['NO_COLOR'];
}
