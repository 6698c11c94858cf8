import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { answerOffline } from './offline/answer.ts';
import { toConversation } from './offline/conversation.ts';

interface OfflineCallOptions extends BaseChatModelCallOptions {
  readonly toolNames?: readonly string[];
}

/**
 * The embedded model: plays the Creator, the Executor and the analyst by rules and a statistical optimiser, through the
 * same messages and tools as any language model. It knows only what they tell, is deterministic under its seed and the
 * conversation, and costs nothing. It is not a language model and never presented as one.
 */
export class OfflineChatModel extends BaseChatModel<OfflineCallOptions> {
  readonly #seed: number;

  constructor({ seed, ...params }: BaseChatModelParams & { seed: number }) {
    super(params);
    this.#seed = seed;
  }

  override _llmType(): string {
    return 'offline';
  }

  override bindTools(tools: BindToolsInput[], options?: Partial<OfflineCallOptions>) {
    return this.withConfig({ ...options, toolNames: tools.map(nameOf) });
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const { text, calls } = answerOffline(toConversation(messages), options.toolNames ?? [], this.#seed);
    const message = new AIMessage({
      content: text,
      tool_calls: calls.map(({ name, args }, index) => ({
        type: 'tool_call' as const,
        id: `off${String(messages.length).padStart(3, '0')}${String(index).padStart(3, '0')}`,
        name,
        args,
      })),
      usage_metadata: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    });
    return { generations: [{ text, message }] };
  }
}

function nameOf(tool: BindToolsInput): string {
  return 'name' in tool && typeof tool.name === 'string' ? tool.name : '';
}
