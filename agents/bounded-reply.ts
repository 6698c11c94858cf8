import { AIMessage } from '@langchain/core/messages';
import { cutMiddle } from '../tools/cut-text.ts';

/** Characters of a reply’s words that are kept: each later request of the conversation sends them again. */
const WORDS = 20_000;
/** Characters of the arguments of all its tool calls together. A proposal in a wide space takes a tenth of it. */
const ARGUMENTS = 60_000;
const CALLS = 16;
/** What else a reply carries, such as its reasoning, by name. */
const EXTRAS = 60_000;

type Calls = Pick<AIMessage, 'tool_calls' | 'invalid_tool_calls'>;

/**
 * A reply as long as anybody needs it, for one without end would be paid for again with every request that follows. What was
 * left out is said in its place; a call whose arguments are too long becomes a broken one, which the model hears of.
 */
export function toBoundedReply(reply: AIMessage): AIMessage {
  const { content, additional_kwargs: extras, response_metadata, usage_metadata, id } = reply;
  const calls = toBoundedCalls(reply);
  const leftOut = countOf(reply) - countOf(calls);
  const isLong = sizeOf(content) > WORDS;
  if (!isLong && leftOut === 0 && sizeOf(callsIn(reply)) <= ARGUMENTS && sizeOf(extras) <= EXTRAS) return reply;
  const note = leftOut === 0 ? '' : `\n[… ${leftOut} further tool calls left out …]`;
  return new AIMessage({
    ...(id !== undefined && { id }),
    content: isLong || leftOut > 0 ? `${cutMiddle(reply.text, WORDS)}${note}`.trim() : content,
    additional_kwargs: Object.fromEntries(Object.entries(extras).map(([name, value]) => [name, toBoundedExtra(value)])),
    response_metadata,
    ...calls,
    ...(usage_metadata && { usage_metadata }),
  });
}

function toBoundedCalls(reply: AIMessage): Calls {
  const { tool_calls: calls = [], invalid_tool_calls: broken = [] } = reply;
  const kept = calls.slice(0, CALLS);
  let room = ARGUMENTS;
  const fits = kept.map(({ args }) => {
    room -= sizeOf(args);
    return room >= 0;
  });
  const tooLong = kept
    .filter((_, index) => !fits[index])
    .map(({ id, name, args }) => {
      const error = `${sizeOf(args)} characters; at most ${ARGUMENTS} are read`;
      return { type: 'invalid_tool_call' as const, ...(id !== undefined && { id }), name, args: '{…', error };
    });
  const alsoBroken = broken
    .slice(0, CALLS - kept.length)
    .map((call) => ({ ...call, ...(call.args !== undefined && { args: cutMiddle(call.args, WORDS) }) }));
  return { tool_calls: kept.filter((_, index) => fits[index]), invalid_tool_calls: [...tooLong, ...alsoBroken] };
}

function toBoundedExtra(value: unknown): unknown {
  if (sizeOf(value) <= EXTRAS) return value;
  return typeof value === 'string' ? cutMiddle(value, EXTRAS) : undefined;
}

function callsIn({ tool_calls: calls = [], invalid_tool_calls: broken = [] }: Calls) {
  return [...calls, ...broken].map(({ args }) => args);
}

function countOf(reply: Calls): number {
  return callsIn(reply).length;
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0);
}
