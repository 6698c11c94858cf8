import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Workplace } from '../cli/run-cli.ts';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';

/*
 * Whole studies, replayed: the replies were recorded, everything else is real. The server fails a test in which a
 * request more or a request less is sent than when they were recorded.
 */

interface RecordedReply {
  readonly content?: string;
  readonly tool_calls?: readonly { name: string; arguments: Record<string, unknown> }[];
}

/** One file of tests/fixtures/recordings. */
interface Recording {
  /** Its folder, from the repository. */
  readonly task: string;
  readonly executor: string;
  readonly seed: number;
  readonly trials: number;
  /** What each configuration’s training came to, where the tests cannot train. */
  readonly trained?: readonly { hyperparameters: Record<string, unknown>; value: number }[];
  /** The metric of those values; left out: val_loss. */
  readonly metric?: string;
  readonly profile?: string;
  /** What stands in the script’s config in the place of its own values: `key=value`. */
  readonly set?: readonly string[];
  readonly strategy?: string;
  readonly overruleShare?: number;
  readonly replies: readonly RecordedReply[];
}

interface ShownTrial {
  readonly state: string;
  readonly proposal: {
    readonly hyperparameters: Readonly<Record<string, unknown>>;
    readonly advice?: { readonly taken: string };
  };
  readonly failure?: { readonly cause: string };
}

const ROOT = new URL('../../', import.meta.url);

/** In the place of a script that needs scikit-learn, or torch and its data: looks up what the recorded training most like config.yaml came to: a candidate of the optimiser may differ by a little from the one that was recorded. */
const LOOKS_UP = `import json, re
config = dict(re.findall(r"^(\\w+): ([^ \\n]+)", open("config.yaml").read(), re.M))

def apart(name, value):
    if isinstance(value, str):
        return config[name] != value
    there = float(config[name])
    return abs(there - value) / max(there, value, 1e-12)

trained = json.load(open("trained.json"))
most_like = min(trained["values"], key=lambda one: sum(apart(*item) for item in one["hyperparameters"].items()))
value = most_like["value"]
with open("train_log.jsonl", "w") as log:
    for epoch in range(1, int(config["epochs"]) + 1):
        print(json.dumps({"epoch": epoch, trained["metric"]: value}), file=log)
`;

test('digits, agentic Executor: the incumbent of trial 2 is kept to the end, and no request is wasted', async () => {
  const { result, trials, rejected, reminders } = await replay(recorded('digits-10-trials-agent'));
  expect(result).toMatchObject({ trials: { complete: 10 }, best: { trial: 2 }, usage: { requests: 30 } });
  expect(new Set(trials.map(configuration)).size).toBe(10);
  expect([rejected, reminders]).toEqual([[], 0]);
});

test('quadratic: one slice an axis, then the minimum; no request is wasted', async () => {
  const { result, trials, rejected, reminders } = await replay(recorded('quadratic-6-trials-direct'));
  expect(result).toMatchObject({ trials: { complete: 6 }, best: { trial: 5, value: 0 }, usage: { requests: 13 } });
  expect(new Set(trials.map(configuration)).size).toBe(6);
  expect([rejected, reminders]).toEqual([[], 0]);
});

test('cifar10 quick: every proposal but the last is the best so far, and no request is wasted', async () => {
  const { result, trials, rejected, reminders } = await replay(recorded('cifar10-6-trials-direct'));
  expect(result).toMatchObject({ trials: { complete: 6 }, best: { trial: 5 }, usage: { requests: 12 } });
  expect(new Set(trials.map(configuration)).size).toBe(6);
  expect([rejected, reminders]).toEqual([[], 0]);
});

test('a script that diverges: the failure is told by its cause and kept clear of, and no request is wasted', async () => {
  const { result, trials, rejected, reminders, requests } = await replay(recorded('fragile-10-trials-direct'));
  expect(result).toMatchObject({ trials: { complete: 9, failed: 1 }, best: { trial: 8 }, usage: { requests: 21 } });
  expect(new Set(trials.map(configuration)).size).toBe(10);
  expect([rejected, reminders]).toEqual([[], 0]);
  expect(trials[2]).toMatchObject({
    failure: { cause: 'diverged' },
    proposal: { hyperparameters: { learning_rate: 0.03, depth: 4 } },
  });
  const [, , afterTheFailure, ...later] = requests.filter(asksForProposal).map(textOf);
  expect(afterTheFailure).toContain('"failed: diverged"');
  for (const { proposal } of trials.slice(3))
    expect(proposal.hyperparameters).not.toMatchObject({ learning_rate: 0.03, depth: 4 });
  // Every proposal is asked for with the best trial so far.
  expect(later.at(-1)).toContain('"incumbent": {"trial":8,');
});

test('the same script on a smaller card: out of memory is told by its cause and kept clear of, and no request is wasted', async () => {
  const { result, trials, rejected, reminders, requests } = await replay(recorded('fragile-small-gpu-7-trials-direct'));
  expect(result).toMatchObject({ trials: { complete: 6, failed: 1 }, best: { trial: 5 }, usage: { requests: 14 } });
  expect(new Set(trials.map(configuration)).size).toBe(7);
  expect([rejected, reminders]).toEqual([[], 0]);
  expect(trials[2]).toMatchObject({
    state: 'failed',
    failure: { cause: 'out-of-memory', message: expect.stringContaining('80 MiB total capacity') },
    proposal: { hyperparameters: { batch_size: 128, depth: 4 } },
  });
  expect(requests.filter(asksForProposal).map(textOf)[2]).toContain('"failed: out-of-memory"');
  // The message is the whole of the script’s output, and told once.
  expect(requests.map(textOf).filter((text) => text.includes('"outputTail"'))).toEqual([]);
  for (const { proposal } of trials.slice(3)) {
    const { batch_size: batchSize, depth } = proposal.hyperparameters;
    expect(Number(batchSize) * Number(depth)).toBeLessThan(128 * 4);
  }
});

test('digits with an optimiser beside the Creator: a candidate is taken, then overruled, and the allowance ends', async () => {
  const { result, trials, rejected, reminders, requests } = await replay(recorded('digits-hybrid-5-trials-agent'));
  expect(result).toMatchObject({ trials: { complete: 5 }, best: { trial: 2 }, usage: { requests: 16 } });
  expect([rejected, reminders]).toEqual([[], 0]);
  expect(trials.map(({ proposal }) => proposal.advice?.taken)).toEqual([
    undefined,
    undefined,
    'adopted',
    'overruled',
    'adopted',
  ]);
  // What a candidate changes, its Executor is told against the incumbent.
  expect(requests.map(textOf).filter((text) => text.includes('"changesFromIncumbent": {'))).not.toEqual([]);
  const asked = requests.filter(asksForProposal).map(textOf);
  expect(asked.map((text) => text.includes('This turn adopts one as it is'))).toEqual([
    false, // there are no candidates yet
    true, // 30 % of 3 trials is none
    false,
    true,
  ]);
});

function recorded(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`tests/fixtures/recordings/${name}.json`, ROOT), 'utf8'));
}

/** Tunes the recording’s task with its replies, and answers what came of it. */
async function replay({ task, executor, seed, trials, trained, metric = 'val_loss', replies, ...rest }: Recording) {
  const { profile, set = [], strategy = 'creator', overruleShare } = rest;
  await using server = await startFakeOpenAi(replies.map(toFake));
  const workplace = new Workplace();
  const folder = join(workplace.folder, basename(task));
  cpSync(fileURLToPath(new URL(task, ROOT)), folder, { recursive: true });
  if (trained !== undefined) playTraining(folder, { metric, values: trained });
  const model = ['--model', 'openai:recorded', '--base-url', server.baseUrl, '--executor', executor];
  const budget = ['--trials', String(trials), '--seed', String(seed), '--strategy', strategy];
  const config = [...set.flatMap((each) => ['--set', each]), ...(profile === undefined ? [] : ['--profile', profile])];
  const share = overruleShare === undefined ? [] : ['--overrule-share', String(overruleShare)];
  const words = ['tune', folder, ...model, ...budget, ...share, ...config];
  const { code, stdout, stderr } = await workplace.run([...words, '--yes', '--json']);
  expect(code, stderr).toBe(0);
  const shown: { study: string; trials: ShownTrial[] } = JSON.parse(
    (await workplace.run(['show', 'latest', '--json'])).stdout,
  );
  return {
    result: JSON.parse(stdout),
    trials: shown.trials,
    rejected: rejectedIn(shown.study),
    reminders: server.requests.filter(isReminder).length,
    requests: server.requests,
  };
}

function playTraining(folder: string, trained: { metric: string; values: NonNullable<Recording['trained']> }): void {
  for (const name of ['requirements.txt', 'README.md']) rmSync(join(folder, name), { force: true });
  const file = join(folder, 'task.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^(data|environment):\n( {2}.*\n)+/gm, ''));
  writeFileSync(join(folder, 'train.py'), LOOKS_UP);
  writeFileSync(join(folder, 'trained.json'), JSON.stringify(trained));
}

function toFake({ content, tool_calls: calls }: RecordedReply): FakeReply {
  if (calls === undefined) return { kind: 'text', text: content ?? '' };
  const text = content === undefined ? {} : { text: content };
  return { kind: 'tool-calls', calls: calls.map(({ name, arguments: args }) => ({ name, args })), ...text };
}

/** The violations of every refused proposal. */
function rejectedIn(study: string): unknown[] {
  const log = readFileSync(join(study, 'experiment-log.jsonl'), 'utf8').trimEnd().split('\n');
  return log
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'proposal-rejected')
    .map(({ violations }) => violations);
}

function configuration({ proposal }: ShownTrial): string {
  return JSON.stringify(Object.entries(proposal.hyperparameters).sort());
}

/** The first request for a proposal: the ones after it hold answers of tools. */
function asksForProposal({ tools, messages }: FakeRequest): boolean {
  return (
    tools.some((tool) => tool.function.name === 'ProposeTrial') && messages.every(({ role }) => role !== 'assistant')
  );
}

/** A request that repeats a question, because the reply to it was no call. */
function isReminder({ messages }: FakeRequest): boolean {
  return messages.at(-1)?.role === 'user' && messages.at(-2)?.role === 'assistant';
}

function textOf({ messages }: FakeRequest): string {
  return messages.map(({ content }) => content).join('\n');
}
