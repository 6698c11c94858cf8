import { tool } from '@langchain/core/tools';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ReactTask, runReactAgent } from '../../agents/react-agent.ts';
import { ToolInputError } from '../../tools/tool-input-error.ts';
import { type FakeHandler, type FakeOptions, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { anAccess, type TestAccess } from './maker.ts';

const NEVER = new AbortController().signal;

/** A tool that notes when its work on `n` begins and ends. */
function aSlowTool(notes: string[]) {
  return tool(
    async ({ n, ms = 1 }) => {
      notes.push(`begin ${n}`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      notes.push(`end ${n}`);
      return `did ${n}`;
    },
    { name: 'Work', description: 'works', schema: z.object({ n: z.number(), ms: z.number().optional() }) },
  );
}

const aTool = (execute: () => string) =>
  tool(async () => execute(), { name: 'Work', description: 'works', schema: z.object({}) });

async function converse(
  script: readonly FakeReply[] | FakeHandler,
  changes: Partial<ReactTask> = {},
  options: FakeOptions = {},
  accessChanges: Partial<TestAccess> = {},
) {
  await using server = await startFakeOpenAi(script, options);
  const access = await anAccess(server, accessChanges);
  const task: ReactTask = {
    access,
    role: 'creator',
    systemPrompt: 'You work.',
    prompt: 'Work.',
    tools: [aSlowTool([])],
    maxSteps: 6,
    signal: NEVER,
    ...changes,
  };
  const outcome = await runReactAgent(task).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  return { ...outcome, access, requests: server.requests };
}

const work = (n: number, ms?: number): FakeReply => ({
  kind: 'tool-call',
  name: 'Work',
  args: { n, ...(ms && { ms }) },
});
const text = (words: string): FakeReply => ({ kind: 'text', text: words });

test('a conversation ends with the model’s words after its tools answered', async () => {
  const { value, access, requests } = await converse([work(1), text('All done.')]);
  expect(value).toMatchObject({ kind: 'finished', text: 'All done.', requests: 2 });
  expect(requests[0]?.messages).toEqual([
    { role: 'system', content: 'You work.' },
    { role: 'user', content: 'Work.' },
  ]);
  expect(requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'did 1' });
  expect(access.used).toHaveLength(2);
  expect(access.used[0]).toMatchObject({
    role: 'creator',
    model: 'openai:fake',
    promptTokens: 100,
    completionTokens: 10,
    costUsd: null,
  });
});

test('the calls of one turn run one after another in the order given', async () => {
  const notes: string[] = [];
  const calls = [30, 20, 10, 1].map((ms, n) => ({ name: 'Work', args: { n, ms } }));
  await converse([{ kind: 'tool-calls', calls }, text('done')], { tools: [aSlowTool(notes)] });
  expect(notes).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});

test('the same completion and call ids in every reply lose no message and no call', async () => {
  const notes: string[] = [];
  const { value, requests } = await converse(
    [work(1), work(2), text('done')],
    { tools: [aSlowTool(notes)] },
    { constantIds: true },
  );
  expect(value).toMatchObject({ kind: 'finished', text: 'done', requests: 3 });
  expect(notes).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  expect(requests[2]?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
  ]);
});

test('two calls of one turn under the same id are both run and both answered', async () => {
  const notes: string[] = [];
  const calls = [1, 2].map((n) => ({ name: 'Work', args: { n }, id: 'twin' }));
  const { requests } = await converse([{ kind: 'tool-calls', calls }, text('done')], { tools: [aSlowTool(notes)] });
  const answers = requests[1]?.messages.filter(({ role }) => role === 'tool') ?? [];
  expect(answers.map(({ content }) => content)).toEqual(['did 1', 'did 2']);
  expect(new Set(answers.map((answer) => answer.tool_call_id)).size).toBe(2);
});

test('reaching the step limit is an outcome', async () => {
  const { value } = await converse(() => work(1), { maxSteps: 3 });
  expect(value).toMatchObject({ kind: 'step-limit', requests: 3 });
});

test('a goal that is reached ends the conversation without another request', async () => {
  let isDone = false;
  const finish = aTool(() => {
    isDone = true;
    return 'ok';
  });
  const { value } = await converse([{ kind: 'tool-call', name: 'Work', args: {} }], {
    tools: [finish],
    isDone: () => isDone,
  });
  expect(value).toMatchObject({ kind: 'finished', requests: 1 });
});

test('prose where a tool call is needed is answered with a reminder', async () => {
  let isDone = false;
  const finish = aTool(() => {
    isDone = true;
    return 'ok';
  });
  const { value, requests } = await converse(
    [text('I would rather talk.'), { kind: 'tool-call', name: 'Work', args: {} }],
    {
      tools: [finish],
      isDone: () => isDone,
      remind: () => 'Call Work.',
    },
  );
  expect(value).toMatchObject({ kind: 'finished', requests: 2 });
  expect(requests[1]?.messages.at(-1)).toMatchObject({ role: 'user', content: 'Call Work.' });
});

test('reminders are bounded', async () => {
  const { value } = await converse(() => text('no'), { remind: () => 'Call Work.' });
  expect(value).toMatchObject({ kind: 'no-answer', requests: 3 });
});

test('an empty reply counts as prose', async () => {
  const { value } = await converse(() => text(''), { remind: () => 'Call Work.' });
  expect(value).toMatchObject({ kind: 'no-answer', text: '' });
});

test('arguments that are not JSON are answered with what is wrong, and bounded', async () => {
  const broken: FakeReply = { kind: 'raw-arguments', name: 'Work', arguments: '{"n": 1' };
  const mended = await converse([broken, work(1), text('done')]);
  expect(mended.value).toMatchObject({ kind: 'finished', requests: 3 });
  expect(mended.requests[1]?.messages.at(-1)?.content).toContain('not one valid JSON object');
  const hopeless = await converse(() => broken, { maxSteps: 20 });
  expect(hopeless.value).toMatchObject({ kind: 'no-answer', requests: 3 });
});

test('no arguments at all are taken as an empty object', async () => {
  const { requests } = await converse([{ kind: 'raw-arguments', name: 'Work', arguments: '' }, text('done')], {
    tools: [aTool(() => 'worked')],
  });
  expect(requests[1]?.messages.at(-1)?.content).toBe('worked');
});

test('a tool that does not exist is answered with those that do', async () => {
  const { requests } = await converse([
    { kind: 'tool-call', name: 'DeleteEverything', args: {} },
    work(1),
    text('done'),
  ]);
  expect(requests[1]?.messages.at(-1)?.content).toBe('There is no tool "DeleteEverything". There are: Work.');
});

test('arguments against the schema are answered with the field that is wrong', async () => {
  const { requests } = await converse([{ kind: 'tool-call', name: 'Work', args: { n: 'one' } }, work(1), text('done')]);
  expect(requests[1]?.messages.at(-1)?.content).toMatch(/expected number, received string[\s\S]*at n/);
});

test('an error that the model can mend reaches the model', async () => {
  let calls = 0;
  const picky = aTool(() => {
    if (calls++ === 0) throw new ToolInputError('There is no trial 7.');
    return 'ok';
  });
  const again: FakeReply = { kind: 'tool-call', name: 'Work', args: {} };
  const { value, requests } = await converse([again, again, text('done')], { tools: [picky] });
  expect(value?.kind).toBe('finished');
  expect(requests[1]?.messages.at(-1)?.content).toBe('There is no trial 7.');
});

test('any other error of a tool ends the conversation with itself, and nothing after it runs', async () => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let runs = 0;
  const breaking = aTool(() => {
    runs += 1;
    throw full;
  });
  const twice = [1, 2].map(() => ({ name: 'Work', args: {} }));
  const { error, requests } = await converse([{ kind: 'tool-calls', calls: twice }], { tools: [breaking] });
  expect(error).toBe(full);
  expect(runs).toBe(1);
  expect(requests).toHaveLength(1);
});

test('an abort while a tool works rejects with its reason, but not before the tool has ended', async () => {
  const notes: string[] = [];
  const controller = new AbortController();
  const reason = new Error('interrupted by the user');
  setTimeout(() => controller.abort(reason), 100);
  const { error } = await converse([work(1, 300)], { tools: [aSlowTool(notes)], signal: controller.signal });
  expect(error).toBe(reason);
  expect(notes).toEqual(['begin 1', 'end 1']);
});

test('an abort while the model thinks closes the connection', async () => {
  const controller = new AbortController();
  await using server = await startFakeOpenAi([{ kind: 'hang' }]);
  setTimeout(() => controller.abort(new Error('stop')), 100);
  const task = { role: 'creator', systemPrompt: 's', prompt: 'p', tools: [], maxSteps: 3 } as const;
  await expect(runReactAgent({ ...task, access: await anAccess(server), signal: controller.signal })).rejects.toThrow(
    'stop',
  );
  await expect.poll(server.abandoned).toBe(1);
});

test('a spent budget ends the conversation before the request', async () => {
  const spent = new Error('the budget of 100 tokens is reached');
  const reserved: number[] = [];
  const reserve = (tokens: number) => {
    reserved.push(tokens);
    throw spent;
  };
  const { error, requests } = await converse([], {}, {}, { reserve });
  expect(error).toBe(spent);
  expect(requests).toHaveLength(0);
  expect(reserved[0]).toBeGreaterThan(50); // the prompt and the tools’ schemas
});

test('usage is recorded before a reply is used', async () => {
  const order: string[] = [];
  const watched = aTool(() => {
    order.push('tool');
    return 'ok';
  });
  const recordUsage = () => {
    order.push('usage');
  };
  await converse(
    [{ kind: 'tool-call', name: 'Work', args: {} }, text('done')],
    { tools: [watched] },
    {},
    { recordUsage },
  );
  expect(order).toEqual(['usage', 'tool', 'usage']);
});

test('a server without usage is recorded as unknown, not as zero', async () => {
  const { access } = await converse([text('done')], {}, { usage: null });
  expect(access.used[0]).toMatchObject({ promptTokens: null, completionTokens: null });
});

test('everything said stands in the transcript, once', async () => {
  const { access } = await converse([work(1), text('All done.')], { trial: 4 });
  expect(access.transcribed.map(({ kind, text: words, tool: name }) => [kind, name ?? words])).toEqual([
    ['prompt', 'You work.'],
    ['prompt', 'Work.'],
    ['reply', ''],
    ['tool-result', 'Work'],
    ['reply', 'All done.'],
    ['outcome', 'finished'],
  ]);
  expect(access.transcribed.every(({ role, trial }) => role === 'creator' && trial === 4)).toBe(true);
});
