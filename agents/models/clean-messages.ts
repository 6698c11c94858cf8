import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { type Redact, redactData } from '../../study/redact.ts';
import type { Adaptation } from './adapted-model.ts';

/** Where words of the protocol stand in a message’s content, its tool calls, and a tool’s definition. */
const PROTOCOL = {
  content: new Set(['*.type']),
  toolCalls: new Set(['*.id', '*.type', '*.name']),
  tool: new Set(['type', 'name', 'function.name']),
};

type Clean = <Data>(data: Data, kept: ReadonlySet<string>) => Data;

/**
 * Requests without secrets, for the packages that send them by themselves: texts, tool results, arguments and schemas
 * are redacted before the package sees them.
 */
export function cleaner(redact: Redact): NonNullable<Adaptation['clean']> {
  const clean = <Data>(data: Data, kept: ReadonlySet<string>): Data => redactData(data, redact, kept) as Data; // texts stay texts
  return {
    messages: (messages) => messages.map((message) => cleanMessage(message, clean)),
    tools: (tools) => tools.map((tool) => clean(tool, PROTOCOL.tool)),
  };
}

function cleanMessage(message: BaseMessage, clean: Clean): BaseMessage {
  const content = clean(message.content, PROTOCOL.content);
  if (ToolMessage.isInstance(message)) {
    const { tool_call_id, name, status } = message;
    return new ToolMessage({ content, tool_call_id, ...(name !== undefined && { name }), ...(status && { status }) });
  }
  if (AIMessage.isInstance(message)) {
    const { additional_kwargs, response_metadata, tool_calls = [] } = message;
    return new AIMessage({
      content,
      additional_kwargs,
      response_metadata,
      tool_calls: clean(tool_calls, PROTOCOL.toolCalls),
    });
  }
  return message.type === 'system' ? new SystemMessage({ content }) : new HumanMessage({ content });
}
