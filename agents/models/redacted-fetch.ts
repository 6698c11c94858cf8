import { type Redact, redactData } from '../../study/redact.ts';

/**
 * Where words of the protocol stand, and what ties a tool’s result to its call. By place, not by name: a hyperparameter
 * may be called `model` or `type` too, and its choices are a user’s own words.
 */
const PROTOCOL = new Set([
  'model',
  'tool_choice',
  'messages.*.role',
  'messages.*.tool_call_id',
  'messages.*.content.*.type',
  'messages.*.tool_calls.*.id',
  'messages.*.tool_calls.*.type',
  'messages.*.tool_calls.*.function.name',
  'tools.*.type',
  'tools.*.function.name',
  // Anthropic’s
  'messages.*.content.*.id',
  'messages.*.content.*.name',
  'messages.*.content.*.tool_use_id',
  'messages.*.content.*.signature',
  'tools.*.name',
  // Google’s
  'contents.*.role',
  'contents.*.parts.*.thoughtSignature',
  'contents.*.parts.*.functionCall.name',
  'contents.*.parts.*.functionResponse.name',
  'tools.*.functionDeclarations.*.name',
  // Amazon’s
  'messages.*.content.*.toolUse.toolUseId',
  'messages.*.content.*.toolUse.name',
  'messages.*.content.*.toolResult.toolUseId',
  'toolConfig.tools.*.toolSpec.name',
]);

/**
 * A request as it leaves the machine: every prompt, tool result and schema in its JSON without secrets. The one way out for all
 * calls of a model, which none can go round. Throws TypeError for a body that cannot be read, and sends nothing.
 */
export function withRedactedBody(request: RequestInit | undefined, redact: Redact): RequestInit | undefined {
  return withBody(request, (body) => redactData(body, redact, PROTOCOL));
}

/** The request with its JSON changed. Throws TypeError for a body that cannot be read. */
export function withBody(
  request: RequestInit | undefined,
  change: (body: unknown) => unknown,
): RequestInit | undefined {
  const body = request?.body;
  if (body === undefined || body === null) return request;
  if (typeof body !== 'string') throw new TypeError('a request to a model has a body that is not text');
  return { ...request, body: JSON.stringify(change(parseWithoutDialect(body))) };
}

/** Schemas name their dialect in `$schema`: every server knows it, some refuse to hear it, and it is paid for each time. */
function parseWithoutDialect(body: string): unknown {
  return JSON.parse(body, (key, value: unknown) => (key === '$schema' ? undefined : value));
}
