import { expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { parsePromptBlocks } from '../../agents/prompt-block.ts';
import { creatorSystemPrompt, type PromptStyle, USUAL_STYLE } from '../../agents/prompt-style.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventBody } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, started } from './maker.ts';

const TASK = {
  ...aTask(),
  dataset: 'Images of digits.',
  model: 'A multi-layer perceptron.',
  goal: 'A low loss.',
  readme: 'Nothing else matters here.',
};

const proposal = {
  basedOn: 'default',
  hyperparameters: { ...DEFAULTS, hidden: 64 },
  reasons: { hidden: 'More room.' },
  expects: { outcome: 'better' },
  intent: 'explore',
  rationale: 'The net is small.',
};

interface Options {
  readonly history?: History;
  readonly contextTokens?: number;
}

async function ask(style: Partial<PromptStyle>, { history = aStudy(), contextTokens = 128_000 }: Options = {}) {
  const warnings: string[] = [];
  const args = { ...proposal, hyperparameters: { ...DEFAULTS, hidden: 77 } };
  const reply: FakeReply = { kind: 'tool-call', name: 'ProposeTrial', args };
  await using server = await startFakeOpenAi(() => reply);
  const creator = createCreator({
    task: TASK,
    access: await anAccess(server),
    style: { ...USUAL_STYLE, ...style },
    chat: { contextTokens, warn: (text) => warnings.push(text) },
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 1 }),
    record: () => undefined,
  });
  const propose = () => creator.propose(history, [], 1, new AbortController().signal);
  await propose();
  await propose();
  const [request] = server.requests;
  if (request === undefined) throw new Error('nothing was asked');
  return { request, warnings, block: (name: string) => parsePromptBlocks(allText(request.messages)).get(name) };
}

function allText(messages: readonly { readonly content: string }[]): string {
  return messages.map(({ content }) => content).join('\n\n');
}

/** The default, a refused proposal, an accepted one, and what came of it. */
function aStudy(): History {
  const [proposed, ...rest] = aTrial(2, proposal.hyperparameters, 0.4);
  const refused: EventBody = {
    event: 'proposal-rejected',
    trial: 2,
    origin: 'creator',
    hyperparameters: { hidden: 999 },
    violations: ['hidden = 999 is outside [8, 128] (inclusive)'],
  };
  const full = { ...proposed, proposal: { origin: 'creator', ...proposal } } as EventBody;
  return aHistory(started(), ...aTrial(1, DEFAULTS, 0.5), refused, full, ...rest);
}

test('the usual system prompt names an expert, asks for no prose and hints at nothing', () => {
  expect(creatorSystemPrompt(USUAL_STYLE)).toMatch(
    /^You are the Creator: an expert.*Call `ProposeTrial` without further words/s,
  );
  expect(creatorSystemPrompt(USUAL_STYLE)).not.toMatch(/deterministic|step by step|\n{3}/);
});

test.each<[Partial<PromptStyle>, RegExp]>([
  [{ expert: 'off' }, /^You are the Creator: you tune/],
  [{ reasoning: 'on' }, /Think before you answer, step by step/],
  [{ hintDeterministic: true }, /The process is deterministic.*nonnegative/s],
])('the style %j changes the system prompt', (style, expected) => {
  expect(creatorSystemPrompt({ ...USUAL_STYLE, ...style })).toMatch(expected);
});

test.each<[PromptStyle['taskInfo'], Record<string, unknown>, readonly string[]]>([
  ['none', {}, ['name', 'title', 'description', 'dataset', 'model', 'goal', 'readme']],
  ['dataset', { dataset: TASK.dataset }, ['name', 'title', 'description', 'model', 'goal', 'readme']],
  ['full', { dataset: TASK.dataset, model: TASK.model, goal: TASK.goal, readme: TASK.readme }, []],
  ['wrong', { dataset: TASK.dataset, model: expect.stringContaining('decision trees') }, ['description', 'readme']],
])('with task-info %s the prompt tells so much of the task', async (taskInfo, told, untold) => {
  const task = (await ask({ taskInfo })).block('task');
  expect(task).toMatchObject({ ...told, objective: { metric: 'loss' } });
  for (const fact of untold) expect(task).not.toHaveProperty(fact);
});

test('a free space is told by its types: no range, scale or step anywhere in the request', async () => {
  const { request, block } = await ask({ space: 'free' });
  expect(block('task')?.['hyperparameters']).toEqual([
    { name: 'learning_rate', type: 'float', default: 0.1 },
    { name: 'hidden', type: 'int', default: 32 },
    { name: 'optimizer', type: 'categorical', choices: ['sgd', 'adam'], default: 'sgd' },
    { name: 'momentum', type: 'float', default: 0.9, when: { optimizer: ['sgd'] } },
  ]);
  expect(JSON.stringify(request.tools)).not.toMatch(/"(minimum|maximum)":(0\.0001|128|0\.99)/);
});

test('chat is the study’s whole dialogue: what was proposed, what was refused, what came of it', async () => {
  const { request } = await ask({ prompt: 'chat' });
  expect(request.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'user',
  ]);
  const [, first, wrong, refusal, right, acceptance, now] = request.messages;
  expect(first?.content).toMatch(/"block": "task".*\[1,0.5,.*Propose trial 2/s);
  expect(wrong?.tool_calls?.[0]?.function.arguments).toContain('999');
  expect(refusal?.content).toContain('outside [8, 128]');
  expect(JSON.parse(right?.tool_calls?.[0]?.function.arguments ?? '')).toEqual(proposal);
  expect(acceptance).toMatchObject({ content: '{"kind":"accepted"}', tool_call_id: right?.tool_calls?.[0]?.id });
  expect(now?.content).toMatch(/^What came of it:.*\[2,0.4,.*"incumbent".*Propose trial 3/s);
});

test('the same log gives the same dialogue: a resumed study goes on with it, word for word', async () => {
  const [one, two] = [await ask({ prompt: 'chat' }), await ask({ prompt: 'chat' })];
  expect(two.request.messages).toEqual(one.request.messages);
});

test('a chat that nears the model’s context is warned of, once', async () => {
  expect((await ask({ prompt: 'chat' })).warnings).toEqual([]);
  const { warnings } = await ask({ prompt: 'chat' }, { contextTokens: 1000 });
  expect(warnings).toEqual([expect.stringMatching(/about \d+ of the model’s 1000 tokens/)]);
  expect((await ask({}, { contextTokens: 1000 })).warnings).toEqual([]);
});
