import { DEEPEST_ARGUMENTS, isNestedBeyond } from './nesting.ts';
import { parseBody } from './parse-body.ts';
import { isObject } from './request-places.ts';

/**
 * A chat completion whose tool calls a client can read, in their order. Some servers send arguments as an object or as JSON
 * within JSON, numbers for ids, or no name: what is missing stays empty, for the agents to complain of. Any other reply is
 * passed on as it came.
 */
export async function toReadableCalls(reply: Response): Promise<Response> {
  if (!reply.ok) return reply;
  const text = await reply.text();
  const body = text.includes('"tool_calls"') ? parseBody(text) : undefined;
  const choices = body?.['choices'];
  if (!Array.isArray(choices)) return new Response(text, reply);
  return new Response(JSON.stringify({ ...body, choices: choices.map(withReadableCalls) }), reply);
}

/** No JSON: the model hears why in the words of whoever parses it. */
const TOO_DEEP = '{nested too deeply';

function withReadableCalls(choice: unknown): unknown {
  if (!isObject(choice) || !isObject(choice['message']) || !('tool_calls' in choice['message'])) return choice;
  const { tool_calls: calls, ...message } = choice['message'];
  return { ...choice, message: Array.isArray(calls) ? { ...message, tool_calls: calls.map(readable) } : message };
}

function readable(call: unknown): unknown {
  const { id, function: called } = isObject(call) ? call : {};
  const { name, arguments: given, ...others } = isObject(called) ? called : {};
  return {
    ...(isObject(call) && call),
    id: asText(id),
    type: 'function',
    function: { ...others, name: asText(name), arguments: asArguments(given) },
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Arguments as the text of JSON that the protocol has for them. */
function asArguments(given: unknown): string {
  if (given === undefined || given === null) return '';
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const whole = text.startsWith('"') ? unwrapped(text) : text;
  return isNestedBeyond(DEEPEST_ARGUMENTS, whole) ? TOO_DEEP : whole;
}

/** The text that is written within another; as it is where there is none. */
function unwrapped(text: string): string {
  const { inner } = parseBody(`{"inner":${text}}`) ?? {};
  return typeof inner === 'string' ? inner : text;
}
