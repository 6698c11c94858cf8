import type { Redact } from '../../study/redact.ts';
import { UnreadableReply } from '../model-fault.ts';
import { DEEPEST_REPLY, isJsonNestedBeyond } from './nesting.ts';
import { parseBody } from './parse-body.ts';

/** The status of a failure that came without one. */
const BAD_GATEWAY = 502;

/**
 * A server’s reply as what it is: some gateways answer 200 with an `error` inside, and some repeat the key in what they
 * say of it. A failure carries its status, and its words without secrets; an answer is passed on as it came. Throws
 * UnreadableReply for one that is nested as no answer is.
 */
export async function toHonestReply(reply: Response, redact: Redact): Promise<Response> {
  const text = await reply.text();
  if (isJsonNestedBeyond(DEEPEST_REPLY, text)) throw new UnreadableReply('its reply is nested without an end');
  const status = reply.ok || isMisspoken(reply, text) ? errorStatus(text) : reply.status;
  if (status === undefined) return new Response(text, reply);
  return new Response(redact(text), { status, headers: reply.headers });
}

/** Groq blames the request when the model calls a tool in a form that Groq cannot read: another try may go better. */
function isMisspoken({ status }: Response, text: string): boolean {
  return status === 400 && text.includes('"tool_use_failed"');
}

/** The status of an error in the body of an answer; undefined when it holds none. */
function errorStatus(text: string): number | undefined {
  if (!text.includes('"error"')) return undefined;
  const error = parseBody(text)?.['error'];
  if (typeof error === 'string') return BAD_GATEWAY;
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, status }: { code?: unknown; status?: unknown } = error;
  return [code, status].map(Number).find((each) => each >= 400 && each <= 599) ?? BAD_GATEWAY;
}
