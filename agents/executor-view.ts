import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { DialogueView } from './react-agent.ts';

const CONFIG_TOOLS = new Set(['ReadConfigs', 'WriteConfigs']);

/**
 * What a request needs of the Executor’s dialogue once the training has ended: neither the tools for the config, which
 * can change nothing any more, nor what was said with them, since the prompt holds the values and code has checked
 * them. Saves a sixth of what a trial takes where a model makes one call a turn.
 */
export function viewAfterTraining({ messages, tools }: DialogueView): DialogueView {
  return {
    messages: withoutCallsOf(CONFIG_TOOLS, messages),
    tools: tools.filter(({ name }) => !CONFIG_TOOLS.has(name)),
  };
}

/** Before that: the config as it was is not carried on once the trial’s values are written. */
export function viewBeforeTraining({ messages, tools }: DialogueView): DialogueView {
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
