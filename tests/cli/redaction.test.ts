import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const filler = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY';
const SECRETS = {
  printed: `sk-proj-${filler}`,
  inConfig: `hf_${filler}`,
  inReadme: `ghp_${filler}abcd`,
  inTraceback: `https://me:${filler}@data.example.org/set.npz`,
  inEnvironment: `gateway-${filler.slice(0, 12)}`,
  inDotEnv: `dot-env-${filler.slice(0, 12)}`,
  inMetric: `glpat-${filler}`,
  said: `xoxb-${filler}`,
};

const SCRIPT = `import sys
x = float(sys.argv[1])
print("token ${SECRETS.printed} ${SECRETS.inEnvironment} ${SECRETS.inDotEnv}")
if x > 0.8: raise ValueError("cannot open ${SECRETS.inTraceback}")
print("METRIC ${SECRETS.inMetric}=1")
print(f"METRIC loss={(x - 0.3) ** 2}")
`;

/** A Creator that repeats a secret in its reasons, a trial that fails, and an Executor that reads everything. */
function reply(names: readonly string[], turn: number): FakeReply {
  if (names.includes('ProposeTrial'))
    return {
      kind: 'tool-call',
      name: 'ProposeTrial',
      args: {
        basedOn: 'default',
        hyperparameters: { x: 0.9 - turn / 1000 },
        rationale: `I saw ${SECRETS.said}`,
        reasons: { x: `because ${SECRETS.said}` },
        expects: { outcome: 'better' },
        intent: 'explore',
      },
    };
  return { kind: 'text', text: `A summary with ${SECRETS.said}.` };
}

test('no request, log or report carries a secret, wherever it was', async () => {
  await using openai = await startFakeOpenAi((request, index) => {
    const names = request.tools.map((each) => each.function.name);
    const asked = request.messages.filter(({ role }) => role === 'tool').length;
    const tool = ['ReadConfigs', 'ExecutePythonFile', 'LoadTrainingLogs'][asked];
    if (tool !== undefined && names.includes(tool)) return { kind: 'tool-call', name: tool, args: {} };
    return reply(names, index);
  });
  const workplace = new Workplace();
  const task = workplace.task(SCRIPT, (yaml) =>
    yaml.replace('args: "{x}" }', 'args: "{x}", config: config.yaml, seed: { environment: SEED } }'),
  );
  writeFileSync(join(task, 'config.yaml'), `x: 0.5\nhub_token: ${SECRETS.inConfig}\nworkers: 2\n`);
  writeFileSync(join(task, 'README.md'), `# Mine\n\nPush with ${SECRETS.inReadme}.\n`);
  writeFileSync(join(workplace.folder, '.env'), `WANDB_API_KEY=${SECRETS.inDotEnv}\n`);
  const environment = { OPENAI_API_KEY: SECRETS.inEnvironment, OPENAI_BASE_URL: openai.baseUrl };
  const flags = ['--model', 'openai:fake', '--trials', '3', '--seed', '1', '--yes', '--plain'];
  const { stderr, stdout, code } = await workplace.run(['tune', task, ...flags], environment);
  expect(code, stderr).toBe(0);

  const logs = join(workplace.folder, 'logs/mine');
  const study = join(logs, readdirSync(logs)[0] ?? '');
  const files = ['experiment-log.jsonl', 'agent.log', 'study.yaml', 'report.md', 'report.html'].map(
    (name) => [name, readFileSync(join(study, name), 'utf8')] as const,
  );
  expect(files[0]?.[1]).toContain('"origin":"creator"');
  const requests = openai.requests.map(({ body }, index) => [`request ${index}`, JSON.stringify(body)] as const);
  const sent = requests.map(([, text]) => text).join('\n');
  // Each was on its way: in its place stands what it was.
  for (const kind of [
    'OpenAI key',
    'Hugging Face token',
    'GitHub token',
    'password',
    'OPENAI_API_KEY',
    'WANDB_API_KEY',
  ])
    expect(sent, kind).toContain(`[redacted: ${kind}]`);
  expect(files.find(([name]) => name === 'report.md')?.[1]).toContain('redacted: password');
  for (const [place, text] of [...requests, ...files, ['stderr', stderr], ['stdout', stdout]] as const)
    for (const [which, secret] of Object.entries({ ...SECRETS, inTraceback: filler }))
      expect(text.includes(secret), `${which} in ${place}`).toBe(false);
});
