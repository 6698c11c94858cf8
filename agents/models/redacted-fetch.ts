import { type Redact, redactData } from '../../study/redact.ts';
import { withLimitedReply } from './reply-limit.ts';

/** Words of the protocol, and what ties a tool’s result to its call. */
export const PROTOCOL_WORDS = new Set(['role', 'type', 'id', 'tool_call_id', 'name', 'model', 'tool_choice']);

/**
 * A request as it leaves the machine: every prompt, tool result and schema in its JSON without secrets, its reply within
 * what the budget has room for. The one way out for all calls of a model, which none can go round. Throws TypeError for a body that cannot be read, and sends nothing.
 */
export function withRedactedBody(request: RequestInit | undefined, redact: Redact): RequestInit | undefined {
  const body = request?.body;
  if (body === undefined || body === null) return request;
  if (typeof body !== 'string') throw new TypeError('a request to a model has a body that is not text');
  const redacted = redactData(withLimitedReply(JSON.parse(body)), redact, (key) => PROTOCOL_WORDS.has(key));
  return { ...request, body: JSON.stringify(redacted) };
}
