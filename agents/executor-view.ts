import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { DialogueView } from './react-agent.ts';

const CONFIG_TOOLS = new Set(['ReadConfigs', 'WriteConfigs']);

/**
 * Whether a provider signed what its model thought. It checks such a dialogue against its signatures, so that nothing may
 * be left out of it (Anthropic’s thinking blocks, Gemini’s thought signatures).
 */
function hasSignedThoughts({ messages }: DialogueView): boolean {
  return messages
    .filter((each) => AIMessage.isInstance(each))
    .some(({ content, additional_kwargs: extra }) => isSigned(content) || isSigned(extra));
}

/** Looks for a signature, or a block of thoughts, wherever LangChain’s packages put them. */
function isSigned(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(([key, value]) => {
    const isThought = key === 'type' && (value === 'thinking' || value === 'redacted_thinking');
    return isThought || (/signature/i.test(key) && isFilled(value)) || isSigned(value);
  });
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.values(value).some(isFilled) : Boolean(value);
}

/**
 * What a request needs of the Executor’s dialogue once the training has ended: neither the tools for the config, which
 * can change nothing any more, nor what was said with them, since the prompt holds the values and code has checked
 * them. Saves a sixth of what a trial takes where a model makes one call a turn.
 */
export function viewAfterTraining(whole: DialogueView): DialogueView {
  if (hasSignedThoughts(whole)) return whole;
  const { messages, tools } = whole;
  return {
    messages: withoutCallsOf(CONFIG_TOOLS, messages),
    tools: tools.filter(({ name }) => !CONFIG_TOOLS.has(name)),
  };
}

/** Before that: the config as it was is not carried on once the trial’s values are written. */
export function viewBeforeTraining(whole: DialogueView): DialogueView {
  if (hasSignedThoughts(whole)) return whole;
  const { messages, tools } = whole;
  const isWritten = messages.some((each) => {
    return ToolMessage.isInstance(each) && each.name === 'WriteConfigs' && each.text.startsWith('{"kind":"written"');
  });
  return isWritten ? { messages: withoutCallsOf(new Set(['ReadConfigs']), messages), tools } : { messages, tools };
}

/** Without the replies that called nothing but these tools, and the answers to them: half a reply cannot be left out. */
function withoutCallsOf(names: ReadonlySet<string>, messages: readonly BaseMessage[]): BaseMessage[] {
  const leftOut = messages
    .filter((each) => AIMessage.isInstance(each))
    .filter(({ tool_calls: calls = [] }) => calls.length > 0 && calls.every(({ name }) => names.has(name)));
  const ids = new Set(leftOut.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id)));
  return messages.filter((each) => {
    return !leftOut.some((reply) => reply === each) && !(ToolMessage.isInstance(each) && ids.has(each.tool_call_id));
  });
}
