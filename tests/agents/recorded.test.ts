import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Workplace } from '../cli/run-cli.ts';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';

interface RecordedReply {
  readonly content?: string;
  readonly tool_calls?: readonly { name: string; arguments: Record<string, unknown> }[];
}

function recorded(name: string): readonly RecordedReply[] {
  const file = new URL(`../fixtures/recordings/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).replies;
}

const digits = fileURLToPath(new URL('../../tasks/digits/', import.meta.url));

/** The digits task as recorded, with a script that only plays training: what a model said does not depend on its numbers. */
const SCRIPT = `import json, re
config = dict(re.findall(r"^(\\w+): ([^ \\n]+)", open("config.yaml").read(), re.M))
with open("train_log.jsonl", "w") as log:
    for epoch in range(1, int(config["epochs"]) + 1):
        print(json.dumps({"epoch": epoch, "train_loss": 1 / epoch, "val_loss": 1 / epoch + float(config["learning_rate"])}), file=log)
`;

function toFake({ content, tool_calls: calls }: RecordedReply): FakeReply {
  if (calls === undefined) return { kind: 'text', text: content ?? '' };
  return { kind: 'tool-calls', calls: calls.map(({ name, arguments: args }) => ({ name, args })) };
}

test.each([
  ['agent', 'digits-6-trials', 18],
  ['direct', 'digits-6-trials-direct', 12],
])(
  'a language model’s recorded replies (executor %s) still carry a whole study: none refused, none wasted',
  async (executor, name, requests) => {
    const replies = recorded(name);
    await using server = await startFakeOpenAi(replies.map(toFake));
    const workplace = new Workplace();
    const task = workplace.task(SCRIPT);
    for (const file of ['task.yaml', 'config.yaml']) copyFileSync(join(digits, file), join(task, file));
    writeFileSync(join(task, 'README.md'), '');
    const flags = [
      '--model',
      'openai:recorded',
      '--base-url',
      server.baseUrl,
      '--trials',
      '6',
      '--seed',
      '3',
      '--executor',
      executor,
      '--yes',
    ];
    const { code, stdout, stderr } = await workplace.run(['tune', task, ...flags, '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', trials: { complete: 6 }, usage: { requests } });
    const proposed = replies
      .flatMap(({ tool_calls: calls = [] }) => calls)
      .filter(({ name }) => name === 'ProposeTrial')
      .map((call) => call.arguments['hyperparameters']);
    const { trials } = JSON.parse((await workplace.run(['show', 'latest', '--json'])).stdout);
    expect(
      trials.slice(1).map((trial: { proposal: { hyperparameters: unknown } }) => trial.proposal.hyperparameters),
    ).toEqual(proposed);
    expect(server.requests.every(({ body }) => body['stream'] !== true)).toBe(true);
  },
);

test('a recorded study with failures: nothing is proposed twice, a divergence is told by its cause, and the best is never lost', async () => {
  const replies = recorded('fragile-10-trials-direct');
  await using server = await startFakeOpenAi(replies.map(toFake));
  const workplace = new Workplace();
  const task = join(workplace.folder, 'fragile');
  cpSync(fileURLToPath(new URL('../fixtures/fragile/', import.meta.url)), task, { recursive: true });
  const flags = ['--model', 'openai:recorded', '--base-url', server.baseUrl, '--executor', 'direct', '--seed', '3'];
  const { code, stdout, stderr } = await workplace.run(['tune', task, ...flags, '--yes', '--json']);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    trials: { complete: 9, failed: 1 },
    best: { trial: 10 },
    usage: { requests: replies.length },
  });
  const shown = JSON.parse((await workplace.run(['show', 'latest', '--json'])).stdout);
  expect(shown.trials[1]).toMatchObject({ state: 'failed', failure: { cause: 'diverged' } });
  const tried = shown.trials.map((trial: { proposal: { hyperparameters: unknown } }) => trial.proposal.hyperparameters);
  expect(new Set(tried.map((values: unknown) => JSON.stringify(values))).size).toBe(10);
  const [, asked] = server.requests
    .map(({ body }) => JSON.stringify(body))
    .filter((body) => body.includes('ProposeTrial'));
  expect(asked).toContain('failed: diverged');
  // The best trial so far stands first in what every proposal is asked with.
  const last = JSON.stringify(server.requests.at(-3)?.body);
  expect(last).toContain(`\\"incumbent\\": {\\"trial\\":8,`);
});
