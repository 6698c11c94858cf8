import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { type Redact, redactData } from '../../study/redact.ts';
import type { Adaptation } from './adapted-model.ts';
import { PROTOCOL_WORDS } from './redacted-fetch.ts';

/**
 * Requests without secrets, for the packages that send them by themselves: texts, tool results, arguments and schemas
 * are redacted before the package sees them.
 */
export function cleaner(redact: Redact): NonNullable<Adaptation['clean']> {
  const clean = <Data>(data: Data): Data => redactData(data, redact, (key) => PROTOCOL_WORDS.has(key)) as Data; // texts stay texts
  return {
    messages: (messages) => messages.map((message) => cleanMessage(message, clean)),
    tools: (tools) => tools.map(clean),
  };
}

function cleanMessage(message: BaseMessage, clean: <Data>(data: Data) => Data): BaseMessage {
  const content = clean(message.content);
  if (ToolMessage.isInstance(message)) {
    const { tool_call_id, name, status } = message;
    return new ToolMessage({ content, tool_call_id, ...(name !== undefined && { name }), ...(status && { status }) });
  }
  if (AIMessage.isInstance(message)) {
    const { additional_kwargs, response_metadata, tool_calls = [] } = message;
    return new AIMessage({ content, additional_kwargs, response_metadata, tool_calls: clean(tool_calls) });
  }
  return message.type === 'system' ? new SystemMessage({ content }) : new HumanMessage({ content });
}
