import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type FakeReply, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'print("METRIC loss=1")';
const WORKS: FakeReply = { kind: 'text', text: 'It went well.' };
const KEY = { OPENAI_API_KEY: 'a-key-for-a-fake-server' };

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

async function tune(flags: readonly string[], environment: Record<string, string> = KEY) {
  const task = workplace.task(SCRIPT);
  return await workplace.run(['tune', task, '--trials', '1', '--seed', '1', '--yes', '--plain', ...flags], environment);
}

/** Nothing was trained, and no study is there. */
function expectNothingBegun(): void {
  expect(existsSync(join(workplace.folder, 'logs'))).toBe(false);
}

/** Listens on a free port. Answers the address. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return `127.0.0.1:${address.port}`;
}

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  const address = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://${address}/v1`;
}

test('a provider that nobody knows is refused before a word on money', async () => {
  for (const flags of [[], ['--estimate']]) {
    const { code, stderr } = await tune(['--model', 'openia:gpt-5-mini', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error \[model-unusable\] --model "openia:gpt-5-mini" names no provider/);
    expect(stderr).toContain('--model openai:gpt-5-mini');
  }
  expectNothingBegun();
});

test('where no server listens nothing is begun', async () => {
  const { code, stderr } = await tune(['--model', 'ollama:x', '--base-url', await nobody()]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\[model-unreachable\] ollama:x at .* cannot be reached: no connection \(ECONNREFUSED\)/);
  expect(stderr).toContain('→ Start Ollama on this machine');
  expectNothingBegun();
});

test('a name that leads nowhere, and a server without TLS, are told in words, and nothing is begun', async () => {
  const nowhere = await tune(['--model', 'openai:x', '--base-url', 'https://no-such-host.invalid/v1']);
  expect(nowhere.stderr).toMatch(
    /\[model-unreachable\] .*no-such-host.invalid\/v1 cannot be reached: its name leads to no/,
  );
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const insecure = await tune(['--model', 'openai:x', '--base-url', `https://${await listening(plain)}/v1`]);
  plain.close();
  expect(insecure.stderr).toMatch(/\[model-unusable\] .*no secure connection \(E[A-Z_]+\)/);
  expect(insecure.stderr).toContain('NODE_EXTRA_CA_CERTS');
  expect([nowhere.code, insecure.code]).toEqual([2, 2]);
  expectNothingBegun();
});

test('a refused key is told before anything is begun, and costs no request', async () => {
  const models: FakeReply = { kind: 'status', status: 401, body: { error: { message: 'key revoked' } } };
  await using server = await startFakeOpenAi([], { models });
  const { code, stderr } = await tune(['--model', 'openai:x', '--base-url', server.baseUrl]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\[model-unusable\] .*status 401: key revoked\.\n→ Check OPENAI_API_KEY in the environment/);
  expectNothingBegun();
});

const MAY_NOT_LIST = { error: { message: 'Missing scopes: api.model.read' } };
const ODD_ANSWERS: [string, FakeReply][] = [
  ['a key that may ask and not list', { kind: 'status', status: 401, body: MAY_NOT_LIST }],
  ['a server that has no list', { kind: 'status', status: 404 }],
  ['a web page', { kind: 'html' }],
  ['a server out of order', { kind: 'status', status: 500 }],
  ['a connection that breaks', { kind: 'drop' }],
  ['no answer at all', { kind: 'hang' }],
];

test.each(ODD_ANSWERS)('%s is no certainty: the study begins', async (_, models) => {
  await using server = await startFakeOpenAi(() => WORKS, { models });
  const { code, stderr } = await tune(['--model', 'openai:x', '--base-url', server.baseUrl]);
  expect(code, stderr).toBe(0);
});

test('a fallback model that is there is relied on', async () => {
  await using server = await startFakeOpenAi(() => WORKS);
  const flags = ['--model', 'ollama:x', '--fallback-model', 'openai:y'];
  const environment = {
    OLLAMA_BASE_URL: await nobody(),
    OPENAI_BASE_URL: server.baseUrl,
    AGENTHPO_RETRY_TIME: '1',
    ...KEY,
  };
  const { code, stderr } = await tune(flags, environment);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('openai:y takes over');
});

test.each([
  ['--prompt', 'chat', 'prompt: chat'],
  ['--prompt', 'opro', 'prompt: opro'],
  ['--space', 'free', 'space: free'],
])('%s %s is refused where the embedded model would have to follow it, and says so', async (flag, value, words) => {
  const unasked = await tune([flag, value], {});
  const asFallback = await tune([flag, value, '--model', 'openai:x', '--fallback-model', 'offline']);
  for (const { code, stderr } of [unasked, asFallback]) {
    expect(code).toBe(2);
    expect(stderr).toContain(`[settings-invalid] ${words} needs a language model`);
  }
  expect(unasked.stderr).toContain('with --model');
  expect(asFallback.stderr).toContain('with --fallback-model');
  expectNothingBegun();
});

test('OPRO’s prompt, which tells scores alone, is refused beside an optimiser’s predictions', async () => {
  const { code, stderr } = await tune(['--prompt', 'opro', '--strategy', 'hybrid', '--model', 'openai:x']);
  expect(code).toBe(2);
  expect(stderr).toContain('[settings-invalid] prompt: opro tells the model scores alone; the strategy hybrid');
  expect(stderr).toContain('--strategy creator');
  expectNothingBegun();
});
