import { AIMessage, type ToolCall, ToolMessage } from '@langchain/core/messages';
import { type StructuredToolInterface, ToolInputParsingException } from '@langchain/core/tools';
import { cutMiddle } from '../tools/cut-text.ts';
import { ToolInputError } from '../tools/tool-input-error.ts';
import { isCutOff } from './reply-end.ts';

/** Characters of a complaint about arguments that the model sees. */
const COMPLAINT_CHARACTERS = 1_500;
/** Of a tool’s name, at OpenAI and most others. */
const NAME_CHARACTERS = 64;

/**
 * The tool calls of one conversation: runs those of a turn one after another in the given order, answers the mistakes
 * that a model can mend, and lets every other error end the conversation. LangChain alone would run them in parallel
 * and ask the model to mend a full disk.
 */
export class ToolTurns {
  readonly #tools: readonly StructuredToolInterface[];
  readonly #signal: AbortSignal;
  readonly #seenIds = new Set<string>();
  /** Calls whose arguments were not JSON, by id, with what the parser said. */
  readonly #broken = new Map<string, string>();
  #last: Promise<unknown> = Promise.resolve();
  #replies = 0;
  #mistakes = 0;
  /** The error of a tool that nobody here can mend. */
  fatal: unknown;

  constructor(tools: readonly StructuredToolInterface[], signal: AbortSignal) {
    this.#tools = tools;
    this.#signal = signal;
  }

  /** Calls answered with a complaint since a call last succeeded. */
  get mistakes(): number {
    return this.#mistakes;
  }

  /** Resolves when no tool is at work any more: an aborted agent returns before its tools do. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /**
   * The reply as the conversation keeps it. Message ids are fresh, because a server’s constant id would make LangGraph
   * replace earlier messages; call ids are kept only while they are unique, because an answered id is never run again.
   * Calls with broken arguments become ordinary calls, to be answered with what was wrong.
   */
  admit(reply: AIMessage): AIMessage {
    this.#replies += 1;
    const calls = (reply.tool_calls ?? []).map((call) => {
      return { ...call, name: sendableName(call.name), id: this.#freshId(call.id) };
    });
    const broken = (reply.invalid_tool_calls ?? []).map((call) => {
      const id = this.#freshId(call.id);
      // Some servers send nothing at all where a tool takes no arguments.
      if ((call.args ?? '').trim() !== '')
        this.#broken.set(
          id,
          isCutOff(reply) ? 'the reply met its length limit; be brief' : (call.error ?? 'not valid JSON'),
        );
      return { type: 'tool_call' as const, id, name: sendableName(call.name ?? ''), args: {} };
    });
    const { tool_calls: _, ...others } = reply.additional_kwargs;
    return new AIMessage({
      id: `reply-${this.#replies}`,
      content: reply.content,
      additional_kwargs: others,
      response_metadata: reply.response_metadata,
      tool_calls: [...calls, ...broken],
      ...(reply.usage_metadata && { usage_metadata: reply.usage_metadata }),
    });
  }

  /** Runs one call when those before it are done. Rejects only with an error that must end the conversation. */
  async run(call: ToolCall): Promise<ToolMessage> {
    const turn = this.#last.then(() => this.#answer(call));
    this.#last = turn.catch((error: unknown) => {
      this.fatal ??= error;
    });
    return await turn;
  }

  async #answer(call: ToolCall): Promise<ToolMessage> {
    this.#signal.throwIfAborted();
    if (this.fatal !== undefined) throw this.fatal;
    const wrong = this.#broken.get(call.id ?? '');
    if (wrong !== undefined)
      return this.#complain(call, `The arguments were not one valid JSON object (${wrong}). Call ${call.name} again.`);
    const known = this.#tools.find(({ name }) => name === call.name);
    if (known === undefined) {
      const names = this.#tools.map(({ name }) => name).join(', ');
      return this.#complain(call, `There is no tool "${call.name}". There are: ${names}.`);
    }
    try {
      const answer = await invoke(known, call);
      this.#mistakes = 0;
      return answer;
    } catch (error) {
      if (error instanceof ToolInputError || error instanceof ToolInputParsingException)
        return this.#complain(call, error.message);
      throw error;
    }
  }

  #complain({ id = '', name }: ToolCall, content: string): ToolMessage {
    this.#mistakes += 1;
    return new ToolMessage({
      tool_call_id: id,
      name,
      status: 'error',
      content: cutMiddle(content, COMPLAINT_CHARACTERS),
    });
  }

  #freshId(given: string | undefined): string {
    const isUsable = given !== undefined && given !== '' && !this.#seenIds.has(given);
    // Nine letters and digits: the one form that every provider accepts.
    const id = isUsable ? given : `call${String(this.#seenIds.size).padStart(5, '0')}`;
    this.#seenIds.add(id);
    return id;
  }
}

/** A tool’s name as servers take it back: an invented one may be of any length and any letters, and is sent again. */
function sendableName(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, NAME_CHARACTERS) || 'unknown';
}

/** Runs a tool to its true end: with the conversation’s own signal LangChain would leave it behind at work on an abort. */
async function invoke(tool: StructuredToolInterface, call: ToolCall): Promise<ToolMessage> {
  const answer: unknown = await tool.invoke({ ...call, type: 'tool_call' }, { signal: new AbortController().signal });
  if (!ToolMessage.isInstance(answer)) throw new Error(`the tool ${call.name} did not answer with a message`);
  return answer;
}
