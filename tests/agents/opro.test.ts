import { expect, test } from 'vitest';
import { createCreator } from '../../agents/creator.ts';
import { parsePromptBlocks } from '../../agents/prompt-block.ts';
import { creatorSystemPrompt, type PromptStyle, USUAL_STYLE } from '../../agents/prompt-style.ts';
import { randomSampler } from '../../samplers/random.ts';
import { createSamplerProposer } from '../../samplers/sampler-proposer.ts';
import type { EventBody, EventOf } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { studyStarted } from '../study/maker.ts';
import { aHistory, anAccess, aTask, aTrial, DEFAULTS, SPEC, started } from './maker.ts';

const OPRO: PromptStyle = { ...USUAL_STYLE, prompt: 'opro', expert: 'off' };

/** The Creator’s trial with a reason, a curve’s summary, and its value; undefined: it failed. */
function told(number: number, hidden: number, value?: number): EventBody[] {
  const [proposed, ...rest] = aTrial(number, { ...DEFAULTS, hidden }, value);
  const words = { basedOn: 'default', reasons: { hidden: 'More room.' }, rationale: 'The net is small.' };
  const proposal = { origin: 'creator', hyperparameters: { ...DEFAULTS, hidden }, ...words };
  const noted = rest.map((event) => ({
    ...event,
    ...(event.event === 'trial-finished' && { summary: 'It overfits.' }),
  }));
  return [{ ...proposed, proposal } as EventBody, ...(noted as EventBody[])];
}

const call = (hyperparameters: Record<string, unknown>, more: Record<string, unknown> = {}): FakeReply => ({
  kind: 'tool-call',
  name: 'ProposeTrial',
  args: { hyperparameters, ...more },
});
const NEW = { ...DEFAULTS, hidden: 50 };

async function ask(history: History, script: readonly FakeReply[] = [call(NEW)]) {
  await using server = await startFakeOpenAi(script);
  const rejected: EventOf<'proposal-rejected'>[] = [];
  const creator = createCreator({
    task: aTask(),
    access: await anAccess(server),
    style: OPRO,
    fallback: createSamplerProposer({ sampler: randomSampler, seed: 1 }),
    record: (event) => {
      rejected.push(event);
    },
  });
  const [proposal] = await creator.propose(history, history.unfinished, 1, new AbortController().signal);
  return { proposal, rejected, requests: server.requests, rows: scoresIn(server.requests[0]) };
}

function scoresIn(request: FakeRequest | undefined): unknown {
  return parsePromptBlocks(request?.messages.at(-1)?.content ?? '').get('scores')?.['rows'];
}

const DEFAULT_LINE = aTrial(1, DEFAULTS, 0.5);

test('the prompt holds the task and scored configurations, the best one last, and asks for a better one', async () => {
  const history = aHistory(started(), ...DEFAULT_LINE, ...told(2, 64, 0.3), ...told(3, 16, 0.9), ...told(4, 99));
  const { requests, rows } = await ask(history);
  expect(rows).toEqual([
    [0.1, 16, 'sgd', 0.9, 0.9],
    [0.1, 32, 'sgd', 0.9, 0.5],
    [0.1, 64, 'sgd', 0.9, 0.3],
  ]);
  const words = requests[0]?.messages.map(({ content }) => content).join('\n') ?? '';
  expect(words).toContain('"block": "task"');
  expect(words).toMatch(/different from all above and has a loss lower than any of them\.$/);
  expect(words).not.toMatch(
    /More room|The net is small|It overfits|incumbent|MemoryError|out-of-memory|trials are left/,
  );
});

test('of a metric to maximize the highest stands last', async () => {
  const objective = { metric: 'loss', direction: 'maximize' as const, at: 'last' as const, constraints: [] };
  const start = studyStarted({ space: SPEC, budget: { trials: 10 }, objective });
  const { rows, requests } = await ask(aHistory(start, ...DEFAULT_LINE, ...told(2, 64, 0.3), ...told(3, 16, 0.9)));
  expect(rows).toMatchObject([{ 4: 0.3 }, { 4: 0.5 }, { 4: 0.9 }]);
  expect(requests[0]?.messages.at(-1)?.content).toContain('has a loss higher than any of them');
});

test('the best twenty are shown', async () => {
  const more = Array.from({ length: 30 }, (_, index) => told(index + 2, index + 33, (index + 2) / 100)).flat();
  const { rows } = await ask(aHistory(started(), ...DEFAULT_LINE, ...more), [call({ ...DEFAULTS, hidden: 100 })]);
  expect(rows).toHaveLength(20);
  expect(rows).toMatchObject([[0.1, 52, 'sgd', 0.9, 0.21], ...Array(18).fill({}), [0.1, 33, 'sgd', 0.9, 0.02]]);
});

test('the model can call ProposeTrial alone, with values alone', async () => {
  const { requests, proposal } = await ask(aHistory(started(), ...DEFAULT_LINE));
  expect(requests[0]?.tools.map(({ function: { name } }) => name)).toEqual(['ProposeTrial']);
  const properties = requests[0]?.tools[0]?.function.parameters['properties'];
  expect(Object.keys(properties ?? {})).toEqual(['hyperparameters']);
  expect(proposal).toEqual({ origin: 'creator', hyperparameters: NEW, reasons: {} });
});

test('a value outside its range and a configuration that failed are sent back like any other', async () => {
  const failed = { ...DEFAULTS, hidden: 99 };
  const history = aHistory(started(), ...DEFAULT_LINE, ...told(2, 99));
  const { rejected, proposal, requests } = await ask(history, [
    call({ ...DEFAULTS, hidden: 999 }),
    call(failed, { reasons: 'none needed' }),
    call(NEW),
  ]);
  expect(rejected.map(({ violations }) => violations.join())).toEqual([
    expect.stringContaining('hidden = 999 is outside [8, 128]'),
    expect.stringContaining('trial 2'),
  ]);
  expect(requests[1]?.messages.at(-1)?.content).toContain('outside [8, 128]');
  expect(proposal?.hyperparameters).toEqual(NEW);
});

test('without a scored trial the list is empty', async () => {
  expect((await ask(aHistory(started()))).rows).toEqual([]);
});

test('the other styles hold beside it: expert, reasoning and the hint; no rule speaks of the log', () => {
  expect(creatorSystemPrompt(OPRO)).toMatch(/^You are the Creator: you tune/);
  expect(creatorSystemPrompt(OPRO)).not.toMatch(/incumbent|reasons|\n{3}/);
  const all = creatorSystemPrompt({ ...OPRO, expert: 'on', reasoning: 'on', hintDeterministic: true });
  expect(all).toMatch(/an expert.*step by step.*nonnegative/s);
});
