import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type FakeHandler, type FakeMessage, type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { REFUSALS } from '../fixtures/refusals.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'import sys\nx = float(sys.argv[1])\nprint(f"METRIC loss={(x - 0.3) ** 2}")\n';

const refusal = REFUSALS.find(({ from }) => from === 'Ollama, gemma3');
const NO_TOOLS: FakeReply = { kind: 'status', status: refusal?.status ?? 0, body: refusal?.body };

/** A well-behaved model on a server without tools: it knows the form from its prompt alone. */
const inText: FakeHandler = ({ tools, messages }) => {
  if (tools.length > 0) return NO_TOOLS;
  return { kind: 'text', text: answer(messages) };
};

function answer(messages: readonly FakeMessage[]): string {
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  const observed = messages.filter(({ content }) => content.startsWith('Observation: ')).length;
  if (system.includes('ProposeTrial: ')) return propose();
  if (system.includes('ConcludeStudy: '))
    return action('ConcludeStudy', { best: 'x near 0.3.', influence: { x: 'All of it.' }, future: 'Nothing.' });
  const prompt = messages.find(({ role }) => role === 'user')?.content ?? '';
  const [wanted = ''] = /"hyperparameters":\s*\{[^}]*\}/.exec(prompt) ?? [];
  const written: unknown = JSON.parse(`{${wanted}}`);
  const steps = [
    action('WriteConfigs', written),
    `${action('ExecutePythonFile', {})}\nObservation: {"state": "complete", "value": 0}\nFinal Answer: perfect`,
    'Thought: it ran\nFinal Answer: It ran without trouble.',
  ];
  return steps[observed] ?? 'Final Answer: Nothing more.';
}

/** Each proposal a tenth below the one before. */
function propose(): string {
  proposals += 1;
  return action('ProposeTrial', {
    basedOn: 'default',
    hyperparameters: { x: Math.round(50 - 10 * proposals) / 100 },
    reasons: { x: 'a smaller one' },
    rationale: 'Down the slope.',
    expects: { outcome: 'better' },
    intent: 'exploit',
  });
}

let proposals: number;
beforeEach(() => {
  proposals = 0;
});

function action(name: string, input: unknown): string {
  return `Thought: now ${name}\n**Action:** ${name}\n**Action Input:**\n\`\`\`json\n${JSON.stringify(input)}\n\`\`\``;
}

test('a whole study with a model that knows no tools: refused once, remembered in the log, spoken to in text', async () => {
  await using server = await startFakeOpenAi(inText);
  const workplace = new Workplace();
  const flags = ['--model', 'ollama:gemma3:4b', '--base-url', server.baseUrl, '--trials', '3', '--yes', '--json'];
  const { code, stdout, stderr } = await workplace.run(['tune', workplace.task(SCRIPT), ...flags]);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', trials: { total: 3, complete: 3 } });
  expect(server.requests.filter(({ tools }) => tools.length > 0)).toHaveLength(1);

  const [study = ''] = readdirSync(join(workplace.folder, 'logs/mine'));
  const lines = readFileSync(join(workplace.folder, 'logs/mine', study, 'experiment-log.jsonl'), 'utf8').trim();
  const events = lines.split('\n').map((line): Record<string, unknown> => JSON.parse(line));
  expect(events.filter(({ event }) => event === 'model-learned')).toMatchObject([
    { model: 'ollama:gemma3:4b', quirk: 'no-tools', message: expect.stringContaining('does not support tools') },
  ]);
  const proposed = events.filter(({ event }) => event === 'trial-proposed').map(({ proposal }) => proposal);
  expect(proposed).toMatchObject([
    { origin: 'default' },
    { origin: 'creator', hyperparameters: { x: 0.4 } },
    { origin: 'creator', hyperparameters: { x: 0.3 } },
  ]);
  const finished = events.filter(({ event }) => event === 'trial-finished');
  expect(finished.at(-1)).toMatchObject({ summaryBy: 'model', summary: 'It ran without trouble.' });
  expect(events.at(-1)).toMatchObject({ event: 'study-finished', analysis: { by: 'model' } });
  const agentLog = readFileSync(join(workplace.folder, 'logs/mine', study, 'agent.log'), 'utf8');
  expect(agentLog.match(/learned what the model/g)).toHaveLength(1);

  // What was learned holds after a resume: not one request with tools more.
  const resumed = await workplace.run(['resume', 'latest', '--trials', '4']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(server.requests.filter(({ tools }) => tools.length > 0)).toHaveLength(1);
});

test('each role may have a model of its own, and study.yaml says which', async () => {
  await using server = await startFakeOpenAi(inText);
  const workplace = new Workplace();
  const roles = ['--creator-model', 'openai:big', '--executor-model', 'openai:small', '--report-model', 'openai:wise'];
  const flags = [...roles, '--base-url', server.baseUrl, '--trials', '2', '--yes', '--tool-form', 'text'];
  const { code, stderr } = await workplace.run(['tune', workplace.task(SCRIPT), ...flags]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    'Models: openai:big proposes, openai:small runs the trials, openai:wise writes the analysis.',
  );
  const asked = (name: string) => server.requests.filter(({ body }) => body['model'] === name);
  expect(asked('small').length).toBeGreaterThan(asked('big').length);
  expect(asked('big')).toHaveLength(1);
  expect(asked('wise')).toHaveLength(1);
  const [study = ''] = readdirSync(join(workplace.folder, 'logs/mine'));
  const record = readFileSync(join(workplace.folder, 'logs/mine', study, 'study.yaml'), 'utf8');
  expect(record).toMatch(/models:\n {2}creator: openai:big\n {2}executor: openai:small\n {2}report: openai:wise/);
});

test('a base URL for models of two providers is refused: another’s key must not go there', async () => {
  const workplace = new Workplace();
  const flags = ['--model', 'openai:x', '--executor-model', 'openrouter:y', '--base-url', 'https://llm.example/v1'];
  const { code, stderr } = await workplace.run(['tune', workplace.task(SCRIPT), ...flags, '--yes']);
  expect(code).toBe(2);
  expect(stderr).toContain('the models are of two providers: OpenAI and OpenRouter');
});
