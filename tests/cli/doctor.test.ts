import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const KEY = 'sk-proj-Zq8vT1mN4xW7cR2y';

const ANSWER = z.strictObject({
  ready: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(['ok', 'warning', 'problem', 'skipped']),
      finding: z.string().min(1),
      mend: z.string().min(1).optional(),
    }),
  ),
});

/** Runs doctor in a fresh place; `named` finds one check of its answer. */
async function doctor(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
  prepare: (place: Workplace) => void = () => undefined,
) {
  const place = new Workplace();
  prepare(place);
  const { code, stdout, stderr } = await place.run(['doctor', '--json', ...args], environment);
  const answer = ANSWER.parse(JSON.parse(stdout));
  const named = (name: string) => answer.checks.find((check) => check.name === name);
  return { place, code, stdout, stderr, ...answer, named };
}

/** What one check says where PATH begins with a program of this name. */
async function withProgram(program: string, script: string, name: string) {
  const place = new Workplace();
  const bin = join(place.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { PATH = '' } = process.env;
  const { code, stdout } = await place.run(['doctor', '--json'], { PATH: `${bin}:${PATH}` });
  return { code, check: ANSWER.parse(JSON.parse(stdout)).checks.find((check) => check.name === name) };
}

async function askingFake(reply: FakeReply, environment: Record<string, string> = {}) {
  await using server = await startFakeOpenAi([reply]);
  const args = ['--model', 'openai:test', '--base-url', server.baseUrl];
  const seen = await doctor(args, { OPENAI_API_KEY: KEY, ...environment });
  return { ...seen, requests: server.requests.length };
}

test('an ordinary machine is ready, and the checks come in a fixed order', async () => {
  const { code, ready, checks, stderr } = await doctor();
  expect(checks.map(({ name }) => name)).toEqual(
    'Node,agenthpo,Settings,Python,uv,Environments,Optuna,Disk,Keys,Model,Sandbox,GPU,Terminal,Studies'.split(','),
  );
  expect({ code, ready, stderr }).toEqual({ code: 0, ready: true, stderr: '' });
});

test('the printed form has a mark, a name and a finding in 80 columns', async () => {
  const { stdout } = await new Workplace().run(['doctor']);
  expect(stdout).toMatch(/^ {2}✓ Node +\d+\.\d+\.\d+$/m);
  expect(stdout).toMatch(/^ {2}✓ Model +offline: .*nothing was sent$/m);
  expect(stdout).toContain('Next: agenthpo tune quadratic');
  const texts = stdout.split('\n').filter((line) => !line.includes('/'));
  expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a model that answers is asked once, and its tokens are told', async () => {
  const { code, requests, named } = await askingFake({ kind: 'tool-call', name: 'Ready', args: {} });
  expect({ code, requests }).toEqual({ code: 0, requests: 1 });
  expect(named('Model')).toMatchObject({ status: 'ok' });
  expect(named('Model')?.finding).toMatch(/answers in \d+\.\d s \(one request, 100 \+ 10 tokens\) and calls tools$/);
});

test('a model that calls no tool is a warning', async () => {
  const { code, named } = await askingFake({ kind: 'text', text: 'I am here.' });
  expect(code).toBe(0);
  expect(named('Model')).toMatchObject({ status: 'warning', mend: expect.stringContaining('--model') });
});

test.each([
  { status: 401, mend: 'Check OPENAI_API_KEY in the environment' },
  { status: 404, mend: 'Check the model’s name' },
  { status: 429, mend: 'limits and credit' },
  { status: 500, mend: 'fault of its own' },
])('status $status is a problem with its own cure, asked once and never again', async ({ status, mend }) => {
  const body = { error: { message: `Incorrect API key provided: ${KEY}` } };
  const seen = await askingFake({ kind: 'status', status, body });
  expect({ code: seen.code, requests: seen.requests }).toEqual({ code: 2, requests: 1 });
  expect(seen.named('Model')).toMatchObject({ status: 'problem', mend: expect.stringContaining(mend) });
  expect(seen.named('Model')?.mend).not.toContain('resume');
});

test('a server that accepts and never answers is given up', async () => {
  const { code, named } = await askingFake({ kind: 'hang' }, { AGENTHPO_REQUEST_TIMEOUT: '1s' });
  expect(code).toBe(2);
  expect(named('Model')).toMatchObject({ status: 'problem', mend: expect.stringContaining('start it') });
});

test('nobody at the base URL is a problem that names the address', async () => {
  const gone = await startFakeOpenAi([]);
  await gone[Symbol.asyncDispose]();
  const { code, named } = await doctor(['--model', 'openai:test', '--base-url', gone.baseUrl]);
  expect(code).toBe(2);
  expect(named('Model')?.finding).toContain(`${gone.baseUrl} did not answer: no connection (ECONNREFUSED)`);
});

test('each model of a study is asked once, whatever parts it plays, and each answers for itself', async () => {
  const ready: FakeReply = { kind: 'tool-call', name: 'Ready', args: {} };
  await using server = await startFakeOpenAi(({ body }) =>
    body['model'] === 'gone' ? { kind: 'status', status: 404 } : ready,
  );
  const settings = {
    model: 'vllm:first',
    models: { executor: 'vllm:gone', report: 'vllm:first' },
    fallback_models: ['offline', 'vllm:last'],
  };
  const seen = await doctor([], { VLLM_BASE_URL: server.baseUrl }, ({ folder }) => {
    writeFileSync(join(folder, 'agenthpo.yaml'), JSON.stringify(settings));
  });
  const models = seen.checks.filter(({ name }) => /model/i.test(name));
  expect(models.map(({ name, status }) => [name, status])).toEqual([
    ['Model', 'ok'],
    ['Executor’s model', 'problem'],
    ['Fallback model', 'ok'],
    ['Fallback model', 'ok'],
  ]);
  expect(models.map(({ finding }) => finding.split(' ')[0])).toEqual([
    'vllm:first',
    'vllm:gone',
    'offline:',
    'vllm:last',
  ]);
  expect(seen.code).toBe(2);
  expect(server.requests.map(({ body }) => body['model']).toSorted()).toEqual(['first', 'gone', 'last']);
});

test('--no-request sends nothing', async () => {
  await using server = await startFakeOpenAi([]);
  const { code, named } = await doctor(['--model', 'openai:test', '--base-url', server.baseUrl, '--no-request']);
  expect(code).toBe(0);
  expect(named('Model')?.status).toBe('skipped');
  expect(server.requests).toEqual([]);
});

test('no part of a key is ever shown, not even when the server repeats it', async () => {
  const environment = { OPENAI_API_KEY: KEY };
  const echo = { kind: 'status', status: 401, body: { error: { message: `bad key ${KEY}` } } } as const;
  await using server = await startFakeOpenAi([echo]);
  const place = new Workplace();
  const { stdout, stderr } = await place.run(
    ['doctor', '--model', 'openai:test', '--base-url', server.baseUrl],
    environment,
  );
  expect(stdout).toContain('OPENAI_API_KEY is set in the environment');
  expect(stdout + stderr).not.toContain(KEY.slice(8));
  expect(stdout).not.toMatch(new RegExp(`\\b${KEY.length}\\b`));
});

test('a key in .env is found and named by its file, and a file that others can read is a warning', async () => {
  const { stdout, named } = await doctor(['--no-request'], {}, ({ folder }) => {
    writeFileSync(join(folder, '.env'), `OPENAI_API_KEY=${KEY}\n`);
    chmodSync(join(folder, '.env'), 0o644);
  });
  expect(named('Keys')).toMatchObject({ status: 'warning', mend: expect.stringContaining('chmod 600') });
  expect(named('Model')?.finding).toContain('openai:');
  expect(stdout).not.toContain(KEY);
});

test('without any Python the cure is to install one', async () => {
  const { code, named } = await doctor([], { PATH: '/nowhere' });
  expect(code).toBe(2);
  expect(named('Python')).toMatchObject({ status: 'problem', mend: expect.stringContaining('Install Python 3') });
});

test('a Python that is too old is named beside the one that is used', async () => {
  const tells = { version: '3.6.9', executable: '/x', prefix: '/x', basePrefix: '/x', platform: 'x' };
  const answer = JSON.stringify({ ...tells, externallyManaged: false, requirements: null });
  const { check } = await withProgram('python3', `echo '${answer}'`, 'Python');
  expect(check?.finding).toContain('is Python 3.6.9; 3.8 or newer is needed');
});

test('a cache that cannot be written is a problem', async () => {
  // Below a file nobody can write, root included.
  const { code, named } = await doctor([], { AGENTHPO_CACHE: '/dev/null/cache' });
  expect(code).toBe(2);
  expect(named('Environments')).toMatchObject({ status: 'problem', mend: expect.stringContaining('AGENTHPO_CACHE') });
});

test('a variable with a typo is a warning that names the right one', async () => {
  const { code, named } = await doctor([], { AGENTHPO_TRIAL: '5' });
  expect(code).toBe(0);
  expect(named('Settings')).toMatchObject({ status: 'warning', finding: expect.stringContaining('AGENTHPO_TRIALS') });
});

test('a settings file that is not valid is one problem, and the other checks still look', async () => {
  const { code, named } = await doctor([], {}, ({ folder }) =>
    writeFileSync(join(folder, 'agenthpo.yaml'), 'trails: 5\n'),
  );
  expect(code).toBe(2);
  expect(named('Settings')).toMatchObject({ status: 'problem', finding: expect.stringContaining('trials') });
  expect(named('Studies')?.status).toBe('ok');
});

test('a sandbox that cannot be made is a warning: tune works without', async () => {
  const { code, check } = await withProgram('bwrap', 'echo "no user namespaces" >&2; exit 1', 'Sandbox');
  expect(code).toBe(0);
  expect(check).toMatchObject({ status: 'warning', finding: expect.stringContaining('no user namespaces') });
});

test('nvidia-smi’s answer becomes names, memory and driver; one that fails is a warning', async () => {
  const { check } = await withProgram('nvidia-smi', 'echo "NVIDIA H200, 143771 MiB, 570.86"', 'GPU');
  expect(check).toEqual({ name: 'GPU', status: 'ok', finding: 'NVIDIA H200 (143771 MiB), driver 570.86' });
  const failing = await withProgram('nvidia-smi', 'echo "Driver/library version mismatch"; exit 18', 'GPU');
  expect(failing.check).toMatchObject({ status: 'warning', finding: expect.stringContaining('version mismatch') });
});

test('doctor <task> says what the task needs', async () => {
  const { code, named } = await doctor(['quadratic']);
  expect(code).toBe(0);
  expect(named('Task')?.finding).toContain('minimize loss');
  expect(named('Task’s Python')?.finding).toContain('nothing to install');
  expect(named('Task’s data')?.status).toBe('skipped');
});

test('a task that cannot be read is one problem', async () => {
  const { code, checks } = await doctor(['nowhere']);
  expect(code).toBe(2);
  expect(checks.filter(({ name }) => name.startsWith('Task'))).toMatchObject([{ status: 'problem' }]);
});
