import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import type { ToolForm } from '../../study/model-quirk.ts';
import { withEarlierReasoning } from './earlier-reasoning.ts';
import type { QuirkMemory } from './quirk-memory.ts';
import { parseReply } from './text-form/parse-reply.ts';
import { renderTextForm } from './text-form/render.ts';
import { withoutThinking } from './without-thinking.ts';

type Tool = ReturnType<typeof convertToOpenAITool>;

interface AdaptedCallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly Tool[];
}

export interface Adaptation {
  readonly inner: BaseChatModel;
  readonly form: ToolForm;
  readonly memory: QuirkMemory;
  /** Around each call of a client that takes no signal; left out where the client takes one. */
  readonly within?: <Reply>(signal: AbortSignal | undefined, send: () => Promise<Reply>) => Promise<Reply>;
}

/** Replies that call a tool in plain text, one after another, until the model is taken to know no other way. */
const TEXT_CALLS_BEFORE_TEXT_FORM = 2;

/** The model is not to write what a tool answered. */
const STOP = ['\nObservation:'];

/**
 * Any chat model as the agents know one: tools bound in, tool calls out. A model without tool calling is driven by the
 * text form instead, from its first refusal on, or once it has answered in that form of itself.
 */
export class AdaptedChatModel extends BaseChatModel<AdaptedCallOptions> {
  readonly #adaptation: Adaptation;
  #textCalls = 0;

  constructor(adaptation: Adaptation) {
    super({});
    this.#adaptation = adaptation;
  }

  override _llmType(): string {
    return 'adapted';
  }

  override bindTools(tools: BindToolsInput[], options?: Partial<AdaptedCallOptions>) {
    return this.withConfig({ ...options, tools: tools.map((each) => convertToOpenAITool(each)) });
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const { tools = [], signal } = options;
    const message = withoutShownThinking(await this.#ask(messages, tools, signal));
    return { generations: [{ text: message.text, message }] };
  }

  async #ask(messages: BaseMessage[], tools: readonly Tool[], signal?: AbortSignal): Promise<AIMessage> {
    if (tools.length === 0) return await this.#send(messages, { signal });
    if (this.#isTextForm) return await this.#askInText(messages, tools, signal);
    try {
      const reply = await this.#send(messages, { signal, tools });
      return this.#readTextCall(reply, tools);
    } catch (error) {
      if (!this.#isTextForm) throw error;
      return await this.#askInText(messages, tools, signal);
    }
  }

  get #isTextForm(): boolean {
    const { form, memory } = this.#adaptation;
    return form === 'text' || (form === 'auto' && memory.known().has('no-tools'));
  }

  async #askInText(messages: BaseMessage[], tools: readonly Tool[], signal?: AbortSignal): Promise<AIMessage> {
    const described = tools.map((tool) => tool.function);
    const reply = await this.#send(renderTextForm(messages, described), { signal, stop: STOP });
    if (hasCalls(reply)) return reply; // a server may read the form by itself
    return asToolCall(reply, tools, messages.length) ?? withText(reply, parseReply(reply.text, []).text);
  }

  /** A tool that was called in words by a model that was offered it properly. */
  #readTextCall(reply: AIMessage, tools: readonly Tool[]): AIMessage {
    const isProse = !hasCalls(reply);
    const read = isProse && this.#adaptation.form === 'auto' ? asToolCall(reply, tools, 0) : undefined;
    if (read === undefined) {
      if (!isProse) this.#textCalls = 0;
      return reply;
    }
    this.#textCalls += 1;
    if (this.#textCalls >= TEXT_CALLS_BEFORE_TEXT_FORM)
      this.#adaptation.memory.learned({
        quirk: 'no-tools',
        message: `It called tools in text ${TEXT_CALLS_BEFORE_TEXT_FORM} times running.`,
      });
    return read;
  }

  async #send(
    messages: BaseMessage[],
    { signal, tools, stop }: { signal?: AbortSignal | undefined; tools?: readonly Tool[]; stop?: string[] },
  ): Promise<AIMessage> {
    const { inner, within } = this.#adaptation;
    const model = tools === undefined ? inner : bound(inner, tools);
    const options = stop && { stop };
    const ask = (given: object) =>
      withEarlierReasoning(messages, () => model.invoke(messages, { ...options, ...given }));
    return asOwn(await (within === undefined ? ask(signal ? { signal } : {}) : within(signal, () => ask({}))));
  }
}

function bound(inner: BaseChatModel, tools: readonly Tool[]) {
  if (inner.bindTools === undefined) throw new TypeError(`the client of ${inner._llmType()} knows no tools`);
  return inner.bindTools([...tools]);
}

/** A reply as a message of our own LangChain: a package beside ours may bring another copy of it. */
function asOwn(reply: AIMessage): AIMessage {
  const { tool_calls: _, ...additional_kwargs } = reply.additional_kwargs; // the raw calls, of which LangChain warns
  return new AIMessage({
    ...(reply.id !== undefined && { id: reply.id }),
    content: reply.content,
    additional_kwargs,
    response_metadata: reply.response_metadata,
    tool_calls: reply.tool_calls ?? [],
    invalid_tool_calls: reply.invalid_tool_calls ?? [],
    ...(reply.usage_metadata && { usage_metadata: reply.usage_metadata }),
  });
}

/** The reply with the call that its text makes; undefined when it makes none. */
function asToolCall(reply: AIMessage, tools: readonly Tool[], turn: number): AIMessage | undefined {
  const { text, call } = parseReply(
    reply.text,
    tools.map((tool) => tool.function.name),
  );
  if (call === undefined) return undefined;
  const { name, arguments: given } = call;
  const id = `text${String(turn).padStart(5, '0')}`;
  const { additional_kwargs, response_metadata, usage_metadata } = reply;
  return new AIMessage({
    content: text,
    additional_kwargs,
    response_metadata,
    ...(usage_metadata && { usage_metadata }),
    ...(given.kind === 'object'
      ? { tool_calls: [{ type: 'tool_call', id, name, args: given.value }] }
      : { invalid_tool_calls: [{ type: 'invalid_tool_call', id, name, args: given.text, error: given.reason }] }),
  });
}

function hasCalls({ tool_calls: calls = [], invalid_tool_calls: broken = [] }: AIMessage): boolean {
  return calls.length + broken.length > 0;
}

/** Thinking is no part of what an agent says: it would stand in summaries and in the report. */
function withoutShownThinking(reply: AIMessage): AIMessage {
  return /<\/?think/i.test(reply.text) ? withText(reply, withoutThinking(reply.text)) : reply;
}

function withText(reply: AIMessage, text: string): AIMessage {
  const { additional_kwargs, response_metadata, usage_metadata, tool_calls = [], invalid_tool_calls = [] } = reply;
  return new AIMessage({
    content: text,
    additional_kwargs,
    response_metadata,
    tool_calls,
    invalid_tool_calls,
    ...(usage_metadata && { usage_metadata }),
  });
}
