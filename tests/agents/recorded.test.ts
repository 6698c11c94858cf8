import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
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
