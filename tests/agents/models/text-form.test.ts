import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { shortMemory } from '../../../agents/models/quirk-memory.ts';
import { resolveModel } from '../../../agents/models/resolve-model.ts';
import { parseReply } from '../../../agents/models/text-form/parse-reply.ts';
import { renderTextForm } from '../../../agents/models/text-form/render.ts';
import { runReactAgent } from '../../../agents/react-agent.ts';
import type { ToolForm } from '../../../study/model-quirk.ts';
import { type FakeHandler, type FakeReply, startFakeOpenAi } from '../../fixtures/fake-openai.ts';
import { anAccess } from '../maker.ts';

const TOOLS = ['ReadConfigs', 'WriteConfigs'];
const WRITE = {
  name: 'WriteConfigs',
  arguments: { kind: 'object', value: { hyperparameters: { lr: 0.1, on: true } } },
};

const ONE = '{"hyperparameters": {"lr": 0.1, "on": true}}';
test.each([
  ['plain', `Thought: try it\nAction: WriteConfigs\nAction Input: ${ONE}`],
  ['bold marks', `**Thought:** try it\n\n**Action:** WriteConfigs\n\n**Action Input:** ${ONE}`],
  ['bold words', `**Thought**: try it\n**Action**: \`WriteConfigs\`\n**Action Input**: ${ONE}`],
  ['a fence', `Thought: try it\nAction: WriteConfigs\nAction Input:\n\`\`\`json\n${ONE}\n\`\`\``],
  ['words behind', `Thought: try it\nAction: WriteConfigs\nAction Input: ${ONE}\nI will wait for the result.`],
  ['Python', "Thought: try it\nAction: WriteConfigs\nAction Input: {'hyperparameters': {'lr': 0.1, 'on': True,},}"],
  ['a call', `Thought: try it\nAction: WriteConfigs(${ONE})`],
  ['no input label', `Thought: try it\nAction: WriteConfigs\n${ONE}`],
  ['another case', `Thought: try it\nACTION: write_configs\nAction_Input: ${ONE}`],
  ['words around', `Thought: try it\nAction: I will call the WriteConfigs tool\nAction Input: ${ONE}`],
  [
    'an invented Observation',
    `Thought: try it\nAction: WriteConfigs\nAction Input: ${ONE}\nObservation: ok\nFinal Answer: done`,
  ],
  [
    'several actions',
    `Thought: try it\nAction: WriteConfigs\nAction Input: ${ONE}\nAction: ReadConfigs\nAction Input: {}`,
  ],
  ['an answer behind', `Thought: try it\nAction: WriteConfigs\nAction Input: ${ONE}\nFinal Answer: done`],
  [
    'thinking aloud',
    `<think>Action: ReadConfigs\nAction Input: {}</think>\nThought: try it\nAction: WriteConfigs\nAction Input: ${ONE}`,
  ],
  ['an object alone', `try it\n{"name": "WriteConfigs", "arguments": ${ONE}}`],
  ['a tagged object', `try it\n<tool_call>{"name": "WriteConfigs", "arguments": ${ONE}}</tool_call>`],
  ['a list of calls', `try it\n[TOOL_CALLS] [{"name": "WriteConfigs", "arguments": ${ONE}}, {"name": "ReadConfigs"}]`],
  ['a wrapped call', `try it\n{"tool_calls": [{"function": {"name": "functions.WriteConfigs", "arguments": ${ONE}}}]}`],
  ['arguments as text', `try it\n{"name": "WriteConfigs", "arguments": ${JSON.stringify(ONE)}}`],
  ['a JSON blob', `Thought: try it\nAction:\n\`\`\`\n{"action": "WriteConfigs", "action_input": ${ONE}}\n\`\`\``],
  ['a tool and its args', `try it: {lr} down\n{"tool": "write_configs", "args": ${ONE}}`],
  [
    'several tagged objects',
    [1, 2].map(() => `try it <tool_call>{"name": "WriteConfigs", "arguments": ${ONE}}</tool_call>`).join('\n'),
  ],
  ['a function tag', `try it\n<function=WriteConfigs>${ONE}</function>`],
  [
    'tagged parameters',
    'try it\n<tool_call>\n<function=WriteConfigs>\n<parameter=hyperparameters>\n{"lr": 0.1, "on": true}\n</parameter>\n</function>',
  ],
  [
    'an action, then an object',
    `try it\nAction: WriteConfigs\nAction Input: ${ONE}\n{"name": "ReadConfigs", "arguments": {}}`,
  ],
])('an action with %s is read', (_, reply) => {
  expect(parseReply(reply, TOOLS)).toMatchObject({ text: expect.stringContaining('try it'), call: WRITE });
});

test.each([
  ['\n', '\nThought: hm'],
  [' ', ''],
  ['> \n', ''],
  ['*', ''],
  ['-\n', ''],
  ['Action ', ''],
  ['Action: \n', ''],
  ['<think>', ''],
  ['</think>', ''],
  ['{', ''],
  ["'", ''],
  ['{"a":', ''],
  ["{'a' ", ''],
  ['{"name": "ReadConfigs" ', ''],
  ['<function=', ''],
  ['<function=ReadConfigs><parameter=a', ''],
  ['<parameter=a>', '<function=ReadConfigs>'],
])('a reply of a million characters of %j is read to its end', (piece, end) => {
  const reply = `Thought: hm${piece.repeat(1_000_000 / piece.length)}${end}`;
  expect(parseReply(reply, TOOLS)).toHaveProperty('text');
});

test('an object that refers to itself, or is long and no JSON, is no object', () => {
  for (const input of ['{"a": &b [*b, *b]}', '{a: *b}', `{a: ${', '.repeat(500_000)}}`, `{${'!!x '.repeat(250_000)}}`])
    expect(parseReply(`Action: ReadConfigs\nAction Input: ${input}`, TOOLS).call?.arguments).toMatchObject({
      kind: 'broken',
      reason: 'it is not JSON',
    });
});

test('an object nested without end is no object', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  for (const input of [deep, deep.replaceAll('"', "'")])
    expect(parseReply(`Action: ReadConfigs\nAction Input: ${input}`, TOOLS).call?.arguments).toMatchObject({
      kind: 'broken',
    });
});

test.each([
  ['<think>a</think>b<thinking>c</thinking>d', 'bd'],
  ['a</think>b', 'b'],
  ['<think>a</think>b</think>c', 'c'],
  ['<think>a', '<think>a'],
  ['<think>a</think>', '<think>a</think>'],
])('of %j is said: %j', (reply, said) => {
  expect(parseReply(reply, TOOLS)).toEqual({ text: said });
});

test.each([
  ['', {}],
  ['None', {}],
  ['```json\n{}\n```', {}],
  ["{'a': 'it''s', 'b': None}", { a: "it's", b: null }],
  ['{"a": "a { in } text", "b": "quote \\" here"}', { a: 'a { in } text', b: 'quote " here' }],
  ["{a: 1, b: [1, 2,], c: 'x'}", { a: 1, b: [1, 2], c: 'x' }],
  ['{"a": 1', undefined],
  ['lr = 0.1', undefined],
])('the input %j', (input, value) => {
  const { call } = parseReply(`Action: ReadConfigs\nAction Input: ${input}`, TOOLS);
  if (value === undefined) expect(call?.arguments.kind).toBe('broken');
  else expect(call?.arguments).toEqual({ kind: 'object', value });
});

test.each([
  ['Thought: done\nFinal Answer: It went well.\nVery well.', 'It went well.\nVery well.'],
  ['**Final Answer:** It went well.', 'It went well.'],
  ['Thought: It went well.', 'It went well.'],
  ['It went well.', 'It went well.'],
  ['I would use {lr} and {"name": "wide"}.', 'I would use {lr} and {"name": "wide"}.'],
  ['{"action": "call ReadConfigs or WriteConfigs"}', '{"action": "call ReadConfigs or WriteConfigs"}'],
])('%j is prose', (reply, text) => {
  expect(parseReply(reply, TOOLS)).toEqual({ text });
});

test('a conversation is told with alternating speakers, and what was said stays what it was', () => {
  const system = new SystemMessage('You are the Executor.');
  const begun = [system, new HumanMessage('Run it.')];
  const call = new AIMessage({ content: 'look first', tool_calls: [{ id: '1', name: 'ReadConfigs', args: { a: 1 } }] });
  const answer = new ToolMessage({ tool_call_id: '1', content: 'lr: 0.1' });
  const tools = [{ name: 'ReadConfigs', description: 'Reads.', parameters: { type: 'object' } }];
  const [first, second] = [renderTextForm(begun, tools), renderTextForm([...begun, call, answer], tools)];
  expect(second.slice(0, first.length).map(({ text }) => text)).toEqual(first.map(({ text }) => text));
  expect(second.map(({ type, text }) => [type, text]).slice(1)).toEqual([
    ['human', 'Run it.'],
    ['ai', 'Thought: look first\nAction: ReadConfigs\nAction Input: {"a":1}'],
    ['human', 'Observation: lr: 0.1'],
  ]);
  expect(first[0]?.text).toMatch(/^You are the Executor\.\n\n.*ReadConfigs: Reads\.\nInput: \{"type":"object"\}/s);
});

const NO_TOOLS: FakeReply = {
  kind: 'status',
  status: 400,
  body: { error: { message: 'registry.ollama.ai/library/gemma3:4b does not support tools', type: 'api_error' } },
};

/** A model that looks once and then answers, as a server without tools lets it. */
const inText: FakeHandler = ({ tools, messages }) => {
  if (tools.length > 0) return NO_TOOLS;
  const looked = messages.some(({ content }) => content.startsWith('Observation: '));
  return {
    kind: 'text',
    text: looked ? 'Final Answer: I saw 7.' : "Thought: look\nAction: Look\nAction Input: {'at': 3}",
  };
};

async function converse(handler: FakeHandler, toolForm?: ToolForm) {
  await using server = await startFakeOpenAi(handler);
  const memory = shortMemory();
  const seen: number[] = [];
  const model = await resolveModel({
    model: 'ollama:gemma3:4b',
    baseUrl: server.baseUrl,
    timeoutSeconds: 5,
    seed: 1,
    sources: [],
    memory,
    ...(toolForm && { toolForm }),
  });
  const look = tool(
    ({ at }) => {
      seen.push(at);
      return '7';
    },
    { name: 'Look', description: 'Looks.', schema: z.object({ at: z.number() }) },
  );
  const outcome = await runReactAgent({
    access: await anAccess(server, { model }),
    role: 'creator',
    systemPrompt: 'Be brief.',
    prompt: 'What is there?',
    tools: [look],
    maxSteps: 6,
    signal: new AbortController().signal,
  });
  return { outcome, seen, requests: server.requests, known: [...memory.known()] };
}

test('a server that refuses tools is driven in text from then on', async () => {
  const { outcome, seen, requests, known } = await converse(inText);
  expect(outcome).toMatchObject({ kind: 'finished', text: 'I saw 7.', requests: 2 });
  expect(seen).toEqual([3]);
  expect(known).toEqual(['no-tools']);
  expect(requests.map(({ tools }) => tools.length)).toEqual([1, 0, 0]);
  expect(requests[1]?.body['stop']).toEqual(['\nObservation:']);
});

test('tool_form text asks in text from the first request', async () => {
  const { outcome, requests } = await converse(inText, 'text');
  expect(outcome.text).toBe('I saw 7.');
  expect(requests).toHaveLength(2);
});

test('tool_form native leaves the refusal to the user', async () => {
  await expect(converse(inText, 'native')).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('does not support tools'),
  });
});

test('a model that ignores its tools but writes the form is understood, and after twice asked in it', async () => {
  let asked = 0;
  const { seen, requests, known } = await converse(() => {
    asked += 1;
    return { kind: 'text', text: asked > 3 ? 'Final Answer: enough' : `Action: Look\nAction Input: {"at": ${asked}}` };
  });
  expect(seen).toEqual([1, 2, 3]);
  expect(known).toEqual(['no-tools']);
  expect(requests.map(({ tools }) => tools.length)).toEqual([1, 1, 0, 0]);
});

test('parameters in tags are JSON where they can be, else text', () => {
  const said = [
    ['a', '{"x": [1, true]}'],
    ['b', 'smaller, safer steps: yes'],
    ['c', '0.5'],
    ['d', "{'x': None}"],
  ].map(([name, value]) => `<parameter=${name}>\n${value}\n</parameter>`);
  const { call } = parseReply(`<function=ReadConfigs>${said.join('\n')}</function>`, TOOLS);
  expect(call?.arguments).toEqual({
    kind: 'object',
    value: { a: { x: [1, true] }, b: 'smaller, safer steps: yes', c: 0.5, d: { x: null } },
  });
});

test('a server that reads the form by itself, and answers with the call, is understood', async () => {
  const { outcome, seen } = await converse(({ messages }) => {
    const looked = messages.some(({ content }) => content?.startsWith('Observation: '));
    return looked ? { kind: 'text', text: 'I saw 7.' } : { kind: 'tool-call', name: 'Look', args: { at: 3 } };
  }, 'text');
  expect(seen).toEqual([3]);
  expect(outcome.text).toBe('I saw 7.');
});

test('a call beside which the same is written in text runs once', async () => {
  let asked = 0;
  const { seen, known } = await converse(() => {
    asked += 1;
    const written = 'Action: Look\nAction Input: {"at": 4}';
    return asked > 2
      ? { kind: 'text', text: 'enough' }
      : { kind: 'tool-call', name: 'Look', args: { at: 3 }, text: written };
  });
  expect(seen).toEqual([3, 3]);
  expect(known).toEqual([]);
});

test('of several calls in one text the first runs: the others were written without its result', async () => {
  let asked = 0;
  const { seen, requests } = await converse(() => {
    asked += 1;
    const calls = [1, 2].map((at) => `<tool_call>{"name": "Look", "arguments": {"at": ${at}}}</tool_call>`);
    return { kind: 'text', text: asked > 1 ? 'enough' : calls.join('\n') };
  });
  expect(seen).toEqual([1]);
  expect(requests[1]?.messages.filter(({ role }) => role === 'tool')).toHaveLength(1);
});

test('a broken input is answered with what was wrong', async () => {
  let asked = 0;
  const { seen, requests } = await converse(() => {
    asked += 1;
    const inputs = ['{"at": ', '{"at": "three"}', '{"at": 3}'];
    const input = inputs[asked - 1];
    return { kind: 'text', text: input === undefined ? 'Final Answer: ok' : `Action: Look\nAction Input: ${input}` };
  }, 'text');
  expect(seen).toEqual([3]);
  const told = requests.map(({ messages }) => messages.at(-1)?.content ?? '');
  expect(told[1]).toMatch(/^Observation: The arguments were not one valid JSON object/);
  expect(told[2]).toMatch(/^Observation: .*(number|schema)/is);
});
