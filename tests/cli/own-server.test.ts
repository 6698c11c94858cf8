import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SERVER = 'https://models.example.org/v1';
const KEY = 'the-key-of-my-shell';
const SCRIPT = 'import sys\nprint(f"METRIC loss={float(sys.argv[1])}")';

/** A folder as it was downloaded, and its estimate: a whole command line that reaches no network. */
function downloaded(settings = `base_url: ${SERVER}\n`) {
  const workplace = new Workplace();
  const task = workplace.task(SCRIPT);
  writeFileSync(join(workplace.folder, 'agenthpo.yaml'), settings);
  const estimate = (flags: readonly string[] = [], environment: Record<string, string> = { OPENAI_API_KEY: KEY }) =>
    workplace.run(['tune', task, '--estimate', ...flags], environment);
  return { workplace, estimate };
}

test.each([[[]], [['--model', 'openai:x']]])(
  'a folder’s agenthpo.yaml sends no key to its server (%j)',
  async (flags) => {
    const { workplace, estimate } = downloaded();
    const { code, stderr } = await estimate(flags);
    expect(code).toBe(2);
    expect(stderr).toContain(`names the server ${SERVER}, which would get OPENAI_API_KEY of your environment.`);
    expect(stderr).toContain(`say so: --base-url ${SERVER}`);
    expect(stderr).not.toContain(KEY);
    const doctor = await workplace.run(['doctor', ...flags], { OPENAI_API_KEY: KEY });
    expect(doctor.code).toBe(2);
    expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain(`names the server ${SERVER}`);
  },
);

test('the user’s word is a flag, a variable, or the name of the file', async () => {
  const { workplace, estimate } = downloaded();
  for (const run of [
    await estimate(['--model', 'openai:x', '--base-url', SERVER]),
    await estimate(['--model', 'openai:x'], { OPENAI_API_KEY: KEY, AGENTHPO_BASE_URL: SERVER }),
    await estimate(['--model', 'openai:x', '--config', join(workplace.folder, 'agenthpo.yaml')]),
  ])
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
});

test('a study begun without a key gets none for its folder’s server later', async () => {
  const { workplace, estimate } = downloaded();
  expect((await estimate()).code).toBe(2);
  const flags = ['--model', 'openai:x', '--fallback-model', 'offline', '--executor', 'direct', '--trials', '1'];
  const begun = await workplace.run(['tune', 'mine', ...flags, '--yes', '--plain'], { AGENTHPO_RETRY_TIME: '1' });
  expect(begun.code, begun.stderr).toBe(0);
  const more = ['resume', 'latest', '--trials', '2', '--plain'];
  const refused = await workplace.run(more, { OPENAI_API_KEY: KEY });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`say so: --base-url ${SERVER}`)]);
  expect(refused.stderr).toContain(`named the server ${SERVER}, which would get OPENAI_API_KEY of your environment.`);
  const said = await workplace.run([...more, '--base-url', SERVER], { OPENAI_API_KEY: KEY, AGENTHPO_RETRY_TIME: '1' });
  expect(said.stderr).not.toContain('which would get');
});

test('a key that lies beside the settings goes where they say, and none goes anywhere', async () => {
  const { workplace, estimate } = downloaded();
  expect((await estimate(['--model', 'openai:x'], {})).code).toBe(0);
  writeFileSync(join(workplace.folder, '.env'), `OPENAI_API_KEY=${KEY}\n`);
  expect((await estimate(['--model', 'openai:x'], {})).code).toBe(0);
});

test('a server on this machine needs no word', async () => {
  const { estimate } = downloaded('base_url: http://localhost:9/v1\n');
  expect((await estimate(['--model', 'openai:x'])).code).toBe(0);
});

test('no variable makes a library print the key or the prompts', async () => {
  await using openai = await startFakeOpenAi(({ tools }: FakeRequest) => {
    const proposes = tools.some((each) => each.function.name === 'ProposeTrial');
    return proposes ? { kind: 'status', status: 400, body: {} } : { kind: 'text', text: 'It went well.' };
  });
  const workplace = new Workplace();
  const environment = {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: openai.baseUrl,
    OPENAI_LOG: 'debug',
    LANGCHAIN_VERBOSE: 'true',
    DEBUG: 'true',
  };
  const flags = ['--model', 'openai:fake', '--trials', '1', '--seed', '1', '--yes', '--plain', '--executor', 'agent'];
  const { stdout, stderr } = await workplace.run(['tune', workplace.task(SCRIPT), ...flags], environment);
  expect(openai.requests.length).toBeGreaterThan(0);
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain(KEY);
    expect(text).not.toMatch(/log_|\[llm\/|\[chain\/|You are/);
  }
});
