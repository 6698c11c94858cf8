import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { renderPrompt } from '../../render-prompt.ts';

/** A tool as it is described to a model. */
export interface DescribedTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: unknown;
}

/**
 * A conversation with tools as one of words alone: the tools are described once, at its head; calls and answers are told as
 * Thought / Action / Action Input and Observation. What was said before stays as it was from request to request, so that
 * a provider can cache it; speakers alternate, because some chat templates insist.
 */
export function renderTextForm(messages: readonly BaseMessage[], tools: readonly DescribedTool[]): BaseMessage[] {
  const system = messages.filter(({ type }) => type === 'system');
  const others = messages.filter(({ type }) => type !== 'system');
  const told: BaseMessage[] = [];
  for (const message of [...system, formOf(tools), ...others].map(tell)) {
    const last = told.at(-1);
    if (last === undefined || last.type !== message.type) told.push(message);
    else told.splice(-1, 1, joined(last, message));
  }
  return told;
}

function formOf(tools: readonly DescribedTool[]): SystemMessage {
  const [first] = tools;
  const example = first === undefined ? '{}' : exampleOf(first);
  return new SystemMessage(
    renderPrompt('text-form', {
      tools: tools.map(describe).join('\n\n'),
      names: tools.map(({ name }) => name).join(', '),
      example,
    }),
  );
}

function describe({ name, description = '', parameters }: DescribedTool): string {
  return `${name}: ${description}\nInput: ${JSON.stringify(parameters ?? { type: 'object', properties: {} })}`;
}

/** The shape of an input without a value that could be taken over. */
function exampleOf({ parameters }: DescribedTool): string {
  const { properties = {} } = (parameters ?? {}) as { properties?: Record<string, unknown> };
  const [name] = Object.keys(properties);
  return name === undefined ? '{}' : `{"${name}": …}`;
}

function tell(message: BaseMessage): BaseMessage {
  if (ToolMessage.isInstance(message)) return new HumanMessage(`Observation: ${message.text}`);
  if (!AIMessage.isInstance(message)) return message;
  const calls = (message.tool_calls ?? []).map(
    ({ name, args }) => `Action: ${name}\nAction Input: ${JSON.stringify(args)}`,
  );
  const text = message.text.trim();
  const thought = text === '' ? [] : [calls.length === 0 ? `Final Answer: ${text}` : `Thought: ${text}`];
  return new AIMessage([...thought, ...calls].join('\n'));
}

function joined(first: BaseMessage, second: BaseMessage): BaseMessage {
  const text = `${first.text}\n\n${second.text}`;
  if (first.type === 'system') return new SystemMessage(text);
  return first.type === 'ai' ? new AIMessage(text) : new HumanMessage(text);
}
