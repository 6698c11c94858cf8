import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { viewAfterTraining, viewBeforeTraining } from '../../agents/executor-view.ts';

const NAMES = ['ReadConfigs', 'WriteConfigs', 'ExecutePythonFile', 'LoadTrainingLogs'];
const tools = NAMES.map((name) => tool(async () => '', { name, description: name, schema: z.object({}) }));
const asked = new HumanMessage('Carry out this trial.');

/** A reply that calls these tools, and their answers. */
function turn(names: readonly string[], reply: Partial<AIMessage> = {}): BaseMessage[] {
  const calls = names.map((name) => ({ type: 'tool_call' as const, id: `id-${name}`, name, args: {} }));
  const { content = '', additional_kwargs = {} } = reply;
  return [
    new AIMessage({ content, additional_kwargs, tool_calls: calls }),
    ...names.map((name) => new ToolMessage({ tool_call_id: `id-${name}`, name, content: answerOf(name) })),
  ];
}

function answerOf(name: string): string {
  return name === 'WriteConfigs' ? '{"kind":"written","file":"config.yaml"}' : '{}';
}

const namesOf = (messages: readonly BaseMessage[]) =>
  messages.filter((each) => ToolMessage.isInstance(each)).map(({ name }) => name);

test('after training, whole exchanges about the config are left out, and their tools', () => {
  const messages = [asked, ...turn(['ReadConfigs']), ...turn(['WriteConfigs']), ...turn(['ExecutePythonFile'])];
  const view = viewAfterTraining({ messages, tools });
  expect(view.messages).toEqual([asked, ...messages.slice(-2)]);
  expect(view.tools.map(({ name }) => name)).toEqual(['ExecutePythonFile', 'LoadTrainingLogs']);
});

test('a reply that called other tools as well stays as it is, with every answer', () => {
  const messages = [asked, ...turn(['WriteConfigs', 'ExecutePythonFile'])];
  expect(viewAfterTraining({ messages, tools }).messages).toEqual(messages);
});

test('before training, the config that was read is left out once the values are written', () => {
  const read = [asked, ...turn(['ReadConfigs'])];
  expect(viewBeforeTraining({ messages: read, tools }).messages).toEqual(read);
  const written = viewBeforeTraining({ messages: [...read, ...turn(['WriteConfigs'])], tools });
  expect(namesOf(written.messages)).toEqual(['WriteConfigs']);
  expect(written.tools).toHaveLength(4);
});

test.each<[string, Partial<AIMessage>]>([
  ['thinking blocks', { content: [{ type: 'thinking', thinking: 'First the config.', signature: 'abc' }] }],
  ['thinking that is not shown', { content: [{ type: 'redacted_thinking', data: 'abc' }] }],
  ['thought signatures', { additional_kwargs: { signatures: ['', 'abc'] } }],
  [
    'signatures by call',
    { additional_kwargs: { __gemini_function_call_thought_signatures__: { 'id-ReadConfigs': 'abc' } } },
  ],
])('a dialogue whose provider signed its thoughts is left whole: %s', (_, reply) => {
  const messages = [asked, ...turn(['ReadConfigs'], reply), ...turn(['WriteConfigs']), ...turn(['ExecutePythonFile'])];
  expect(viewBeforeTraining({ messages, tools })).toEqual({ messages, tools });
  expect(viewAfterTraining({ messages, tools })).toEqual({ messages, tools });
});

test('empty signatures are none', () => {
  const messages = [
    asked,
    ...turn(['ReadConfigs'], { additional_kwargs: { signatures: ['', ''] } }),
    ...turn(['WriteConfigs']),
  ];
  expect(namesOf(viewAfterTraining({ messages, tools }).messages)).toEqual([]);
});
