import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

/** Put together here, so that no scanner takes this file for a leak. No twelve characters of it come twice. */
const KEY = `sk-proj-${Array.from({ length: 40 }, (_, index) => `${(index + 100).toString(36)}Q${index}z`).join('')}`;
const FRAGMENTS = Array.from({ length: KEY.length - 24 }, (_, index) => KEY.slice(index + 12, index + 24));

/** Wherever a text is cut, there is a key; each is followed by a line that its words end with. */
const SCRIPT = `import sys
x = float(sys.argv[1])
for length in range(40): print("y" * length + "\\n${KEY}")
if x > 0.8: raise ValueError("${KEY} " * 40)
print(f"METRIC loss={(x - 0.3) ** 2}")
`;

/** An Executor that reads all there is, and a Creator that proposes what fails, then looks at why. */
function reply({ tools, messages }: FakeRequest, index: number): FakeReply {
  const names = tools.map((each) => each.function.name);
  const asked = messages.filter(({ role }) => role === 'tool').length;
  const tool = ['ReadConfigs', 'ExecutePythonFile', 'LoadTrainingLogs'][asked];
  if (tool !== undefined && names.includes(tool)) return { kind: 'tool-call', name: tool, args: {} };
  if (!names.includes('ProposeTrial')) return { kind: 'text', text: 'It went on.' };
  if (asked === 0 && names.includes('LoadExperimentLogs'))
    return { kind: 'tool-call', name: 'LoadExperimentLogs', args: { trials: [1] } };
  const args = {
    basedOn: 'default',
    hyperparameters: { x: 0.9 - index / 1000 },
    rationale: 'To see.',
    reasons: { x: 'To see.' },
    expects: { outcome: 'better' },
    intent: 'explore',
  };
  return { kind: 'tool-call', name: 'ProposeTrial', args };
}

function expectNoFragment(place: string, text: string): void {
  const found = FRAGMENTS.find((fragment) => text.includes(fragment));
  expect(
    found,
    `in ${place}: …${text.slice(Math.max(0, text.indexOf(found ?? '') - 60)).slice(0, 120)}`,
  ).toBeUndefined();
}

test.each(['agent', 'direct'])('no part of a key gets out where a text is cut (executor %s)', async (executor) => {
  await using openai = await startFakeOpenAi(reply);
  const workplace = new Workplace();
  const task = workplace.task(SCRIPT, (yaml) =>
    yaml
      .replace('description: A test.', `description: "${'words '.repeat(245)}${KEY} and more."`)
      .replace('args: "{x}" }', 'args: "{x}", config: config.yaml }'),
  );
  writeFileSync(join(task, 'config.yaml'), `x: 0.5\n${manyNotes()}`);
  writeFileSync(join(task, 'README.md'), `# Mine\n\n${'Words '.repeat(38)} ${KEY} and more words without an end\n`);
  const flags = ['--model', 'openai:fake', '--trials', '3', '--seed', '1', '--yes', '--plain', '--executor', executor];
  const environment = { OPENAI_API_KEY: 'unused-key', OPENAI_BASE_URL: openai.baseUrl };
  const { stderr, stdout, code } = await workplace.run(['tune', task, ...flags], environment);
  expect(code, stderr).toBe(0);
  const logs = join(workplace.folder, 'logs/mine');
  const study = join(logs, readdirSync(logs)[0] ?? '');
  expect(JSON.stringify(openai.requests.map(({ body }) => body))).toContain('[redacted: OpenAI key]');
  for (const [index, { body }] of openai.requests.entries()) expectNoFragment(`request ${index}`, JSON.stringify(body));
  for (const name of ['experiment-log.jsonl', 'agent.log', 'report.md', 'report.html'])
    expectNoFragment(name, readFileSync(join(study, name), 'utf8'));
  for (const [name, text] of Object.entries({ stderr, stdout })) expectNoFragment(name, text);
});

function manyNotes(): string {
  return Array.from({ length: 30 }, (_, index) => `note_${index}: ${'w'.repeat(index)} ${KEY}\n`).join('');
}

test('a key in a .env of the task’s folder stays there: the script finds no copy to print', async () => {
  await using openai = await startFakeOpenAi(reply);
  const workplace = new Workplace();
  const script = `import os, sys
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".env")
if os.path.exists(path): print("token", open(path).read())
if float(sys.argv[1]) > 0.8: raise KeyError("MY_TOKEN")
print("METRIC loss=0.5")
`;
  const task = workplace.task(script);
  writeFileSync(join(task, '.env'), 'MY_TOKEN=correct-horse-battery\n');
  const flags = ['--model', 'openai:fake', '--trials', '2', '--seed', '1', '--yes', '--plain', '--executor', 'agent'];
  const environment = { OPENAI_API_KEY: 'unused-key', OPENAI_BASE_URL: openai.baseUrl };
  const { stderr, code } = await workplace.run(['tune', task, ...flags], environment);
  expect(code, stderr).toBe(0);
  const logs = join(workplace.folder, 'logs/mine');
  const study = join(logs, readdirSync(logs)[0] ?? '');
  expect(existsSync(join(study, 'trials/0001/train.py'))).toBe(true);
  expect(existsSync(join(study, 'trials/0001/.env'))).toBe(false);
  expect(JSON.stringify(openai.requests.map(({ body }) => body))).not.toContain('correct-horse');
  const shown = await workplace.run(['show', 'latest', '2']);
  expect(shown.stdout).toMatch(/Withheld from the training: .*\.env$/m);
});
