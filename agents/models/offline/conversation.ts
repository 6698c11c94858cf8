import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { parsePromptBlocks } from '../../prompt-block.ts';

/** What a tool answered: its name and its JSON, in the order of the conversation. */
export interface ToolAnswer {
  readonly name: string;
  /** undefined when the answer was not a JSON object (a complaint, for instance). */
  readonly content: Readonly<Record<string, unknown>> | undefined;
}

/** A conversation as the embedded model reads it: the prompts’ JSON blocks, its own calls and the tools’ answers. */
export interface Conversation {
  readonly blocks: ReadonlyMap<string, Record<string, unknown>>;
  readonly calls: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
  readonly answers: readonly ToolAnswer[];
}

export function toConversation(messages: readonly BaseMessage[]): Conversation {
  const prompts = messages.filter(({ type }) => type === 'human' || type === 'system').map(({ text }) => text);
  return {
    blocks: parsePromptBlocks(prompts.join('\n\n')),
    calls: messages.filter((each) => AIMessage.isInstance(each)).flatMap(({ tool_calls }) => tool_calls ?? []),
    answers: messages
      .filter((each) => ToolMessage.isInstance(each))
      .map(({ name = '', text }) => ({ name, content: parseObject(text) })),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
}
