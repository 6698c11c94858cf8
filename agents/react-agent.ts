import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { StructuredToolInterface } from '@langchain/core/tools';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { type AgentMiddleware, createAgent, createMiddleware } from 'langchain';
import { callModel } from './call-model.ts';
import type { ModelAccess, ModelRole, TranscriptEntry } from './model-access.ts';
import { withOwnSignal } from './own-signal.ts';
import { isCutOff, refusalIn } from './reply-end.ts';
import { ToolTurns } from './tool-turns.ts';

/** What a request carries: messages after the system’s, and tools. */
export interface DialogueView {
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly StructuredToolInterface[];
}

export interface ReactTask {
  readonly access: ModelAccess;
  readonly role: ModelRole;
  readonly trial?: number;
  readonly systemPrompt: string;
  /** A dialogue that this one continues. */
  readonly earlier?: readonly BaseMessage[];
  readonly prompt: string;
  readonly tools: readonly StructuredToolInterface[];
  /** Asked before each model call: the part of the dialogue that it still needs. Left out: all of it. */
  readonly viewOf?: (whole: DialogueView) => DialogueView;
  /** Model calls at most; reaching it is an outcome, not an error. */
  readonly maxSteps: number;
  /** Asked before each model call: true ends the conversation without another one. */
  readonly isDone?: () => boolean;
  /** Asked when the model answers in prose: what to say to it, or undefined when prose is a fine end. */
  readonly remind?: () => string | undefined;
  /** Reminders, and complaints about tool calls running, before the conversation is given up. */
  readonly maxReminders?: number;
  readonly signal: AbortSignal;
}

/** How a conversation ended. `no-answer`: prose or broken calls, in spite of bounded reminders. */
export interface ReactOutcome {
  readonly kind: 'finished' | 'step-limit' | 'no-answer';
  /** The model’s last prose; empty when it said none. */
  readonly text: string;
  readonly messages: readonly BaseMessage[];
  readonly requests: number;
}

const DEFAULT_REMINDERS = 2;
const CUT_OFF = 'Your reply met its length limit and was cut off. Be brief.';

/**
 * One ReAct conversation (reason, act, observe) over LangChain’s agent, guarded: bounded in steps and reminders, tools
 * in order, every model call through {@link callModel}. Resolves for whatever a model does; rejects with the cause
 * when the model cannot be reached, the budget is spent, a tool breaks, or `signal` aborts. When it has settled, no
 * tool is at work, and what every request used is recorded.
 */
export async function runReactAgent(task: ReactTask): Promise<ReactOutcome> {
  return await withOwnSignal(task.signal, (signal) => new Conversation({ ...task, signal }).run());
}

class Conversation {
  readonly #task: ReactTask;
  readonly #turns: ToolTurns;
  #end: ReactOutcome['kind'] | undefined;
  #requests = 0;
  #reminders = 0;
  #transcribed: number;
  #text = '';
  #failure: { readonly error: unknown } | undefined;
  /** The model call under way: an abort may end the graph before the call has put down what it used. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(task: ReactTask) {
    this.#task = task;
    this.#transcribed = task.earlier?.length ?? 0; // these stand in the transcript since their own turn
    this.#turns = new ToolTurns(task.tools, task.signal);
  }

  async run(): Promise<ReactOutcome> {
    const { access, tools, systemPrompt, earlier = [], prompt, maxSteps, signal } = this.#task;
    const agent = createAgent({
      model: access.model.chat,
      tools: [...tools],
      systemPrompt: new SystemMessage(systemPrompt), // given a string, LangChain would send a list of parts, which not every server reads
      middleware: [this.#guard()],
      version: 'v1', // all calls of a turn in one node, in their order
    });
    try {
      // Each model call takes up to four graph steps; our own count of calls is the limit that matters.
      const state = await agent.invoke(
        { messages: [...earlier, new HumanMessage(prompt)] },
        { signal, recursionLimit: 10 + 6 * maxSteps },
      );
      await this.#turns.settled();
      return this.#outcome(state.messages);
    } catch (error) {
      await Promise.allSettled([this.#asking, this.#turns.settled()]);
      throw this.#causeOf(error);
    }
  }

  /** The error itself, without what LangChain wrapped around it. */
  #causeOf(error: unknown): unknown {
    if (this.#failure !== undefined) return this.#failure.error;
    if (this.#turns.fatal !== undefined) return this.#turns.fatal;
    const { signal } = this.#task;
    return signal.aborted ? signal.reason : error;
  }

  #outcome(messages: readonly BaseMessage[]): ReactOutcome {
    const kind = this.#end ?? 'finished';
    this.#transcribe({ kind: 'outcome', text: kind });
    return { kind, text: this.#text, messages, requests: this.#requests };
  }

  #guard(): AgentMiddleware {
    return createMiddleware({
      name: 'guard',
      beforeModel: {
        canJumpTo: ['end'],
        hook: () => {
          this.#end ??= this.#endBeforeNextCall();
          return this.#end === undefined ? undefined : { jumpTo: 'end' as const };
        },
      },
      wrapModelCall: async (request, handler) => {
        try {
          const view = this.#viewOf(request.messages);
          const asked = { ...request, messages: [...view.messages], tools: [...view.tools] };
          const send = async (model: BaseChatModel) => (await handler({ ...asked, model })) as AIMessage; // no responseFormat: always a message
          this.#transcribePrompt(request.messages);
          const reply = this.#ask(view, send);
          this.#asking = reply;
          return await reply;
        } catch (error) {
          this.#failure ??= { error };
          throw error;
        }
      },
      afterModel: { canJumpTo: ['model'], hook: ({ messages }) => this.#remind(messages.at(-1)) },
      wrapToolCall: async ({ toolCall }) => {
        const answer = await this.#turns.run(toolCall);
        this.#transcribe({ kind: 'tool-result', tool: toolCall.name, text: answer.text });
        return answer;
      },
    });
  }

  #endBeforeNextCall(): ReactOutcome['kind'] | undefined {
    if (this.#task.isDone?.() === true) return 'finished';
    if (this.#turns.mistakes > this.#maxReminders) return 'no-answer';
    return this.#requests >= this.#task.maxSteps ? 'step-limit' : undefined;
  }

  #viewOf(messages: readonly BaseMessage[]): DialogueView {
    const whole = { messages, tools: this.#task.tools };
    return this.#task.viewOf?.(whole) ?? whole;
  }

  async #ask({ messages, tools }: DialogueView, send: (chat: BaseChatModel) => Promise<AIMessage>): Promise<AIMessage> {
    this.#requests += 1;
    const { access, role, trial, systemPrompt, signal } = this.#task;
    const reply = await callModel({
      access,
      role,
      ...(trial !== undefined && { trial }),
      messages: [new SystemMessage(systemPrompt), ...messages],
      alsoSent: JSON.stringify(tools.map((each) => convertToOpenAITool(each))),
      signal,
      send,
    });
    const admitted = this.#turns.admit(reply);
    if (admitted.text.trim() !== '') this.#text = admitted.text.trim();
    const calls = (admitted.tool_calls ?? []).map(({ name, args }) => ({ name, arguments: args }));
    const refusal = refusalIn(admitted);
    this.#transcribe({ kind: 'reply', text: refusal === undefined ? admitted.text : `(declined: ${refusal})`, calls });
    return admitted;
  }

  /** After a reply without a tool call: remind the model, or accept its words as the end. */
  #remind(last: BaseMessage | undefined) {
    const isProse =
      last?.type === 'ai' && !('tool_calls' in last && Array.isArray(last.tool_calls) && last.tool_calls.length > 0);
    if (!isProse) return undefined;
    const reminder = this.#task.remind?.();
    const isCut = AIMessage.isInstance(last) && isCutOff(last);
    if (reminder === undefined) this.#end = 'finished';
    else if (this.#reminders >= this.#maxReminders) this.#end = 'no-answer';
    else if (this.#requests >= this.#task.maxSteps) this.#end = 'step-limit';
    if (reminder === undefined || this.#end !== undefined) return undefined;
    this.#reminders += 1;
    return { messages: [new HumanMessage(isCut ? `${CUT_OFF} ${reminder}` : reminder)], jumpTo: 'model' as const };
  }

  get #maxReminders(): number {
    return this.#task.maxReminders ?? DEFAULT_REMINDERS;
  }

  /** What this request adds to the conversation: tool results stand in the transcript already. */
  #transcribePrompt(messages: readonly BaseMessage[]): void {
    if (this.#requests === 0) this.#transcribe({ kind: 'prompt', text: this.#task.systemPrompt });
    for (const message of messages.slice(this.#transcribed))
      if (message.type === 'human') this.#transcribe({ kind: 'prompt', text: message.text });
    this.#transcribed = messages.length;
  }

  #transcribe(entry: Omit<TranscriptEntry, 'role' | 'trial'>): void {
    const { access, role, trial } = this.#task;
    access.transcript({ role, ...(trial !== undefined && { trial }), ...entry });
  }
}
