import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type EnvironmentSource, findCredentials } from '../../../agents/models/credentials.ts';
import { npmInstallCommand } from '../../../agents/models/npm-install-command.ts';
import { PROVIDERS, type Provider, parseModelName } from '../../../agents/models/providers.ts';
import { resolveModel } from '../../../agents/models/resolve-model.ts';
import { isProviderName } from '../../../study/environment-names.ts';
import { startFakeOpenAi } from '../../fixtures/fake-openai.ts';
import { aFolder } from '../../study/maker.ts';

const environment = (values: Record<string, string>): EnvironmentSource => ({ name: 'the environment', values });
const REQUEST = { timeoutSeconds: 5, seed: 1, sources: [] };
const HOSTED = PROVIDERS.filter(({ kind, isLocal }) => kind === 'chat-completions' && !isLocal);
const LOCAL = PROVIDERS.filter(({ isLocal }) => isLocal);

test.each(LOCAL.map((each) => [each.name, each] as const))('%s needs no key and is on this machine', (_, provider) => {
  expect(findCredentials(provider, undefined, [])).toMatchObject({ baseUrl: provider.baseUrl, apiKey: 'none' });
  expect(provider.baseUrl).toMatch(/^http:\/\/localhost:\d+\/v1$/);
});

test.each(HOSTED.map((each) => [each.name, each] as const))('%s takes its own key, and no other’s', (_, provider) => {
  const [variable = ''] = provider.keyVariables;
  const own = findCredentials(provider, undefined, [environment({ [variable]: 'key-of-its-own' })]);
  expect(own).toMatchObject({ baseUrl: provider.baseUrl, apiKey: 'key-of-its-own' });
  const others = HOSTED.filter((each) => each !== provider).flatMap((each) => each.keyVariables);
  const foreign = environment(Object.fromEntries(others.map((name) => [name, 'key-of-another'])));
  expect(() => findCredentials(provider, undefined, [foreign])).toThrow(
    expect.objectContaining({ code: 'model-unusable', hint: expect.stringContaining(variable) }),
  );
  expect(isProviderName(variable), 'a training never sees it').toBe(true);
});

test.each(PROVIDERS.map((each) => [each.name, each] as const))(
  'the key of %s never goes to a server that a .env names',
  (_, provider: Provider) => {
    const [variable] = provider.keyVariables;
    if (variable === undefined) return;
    const sources = [
      environment({ [variable]: 'key-of-the-user' }),
      { name: '.env', values: { [provider.baseUrlVariable]: 'https://evil.example/v1' } },
    ];
    expect(findCredentials(provider, undefined, sources)).toMatchObject({
      baseUrl: provider.baseUrl,
      apiKey: 'key-of-the-user',
    });
  },
);

test('a name is split at its first colon', () => {
  expect(parseModelName('ollama:qwen3:8b')).toMatchObject({ provider: { name: 'ollama' }, name: 'qwen3:8b' });
  expect(parseModelName('openrouter:anthropic/claude-sonnet-4')?.name).toBe('anthropic/claude-sonnet-4');
  expect(parseModelName('nobody:x')).toBeUndefined();
});

test.each([
  ['olama:qwen3:8b', '--model ollama:qwen3:8b'],
  ['anthropic:', '--model anthropic:MODEL'],
  ['gpt-5-mini', '--model openai:gpt-5-mini'],
])('"%s" is met with what was likely meant', async (model, hint) => {
  await expect(resolveModel({ ...REQUEST, model })).rejects.toMatchObject({
    code: 'model-unusable',
    hint: expect.stringContaining(hint),
  });
});

test.each([
  [{ AZURE_OPENAI_API_VERSION: '2024-10-21' }, '/openai/deployments/my%20mini/chat/completions?api-version=2024-10-21'],
  [{}, '/openai/v1/chat/completions'],
])('Azure is asked at the address of its deployment %j', async (version, path) => {
  await using server = await startFakeOpenAi([{ kind: 'text', text: 'hi' }]);
  const root = server.baseUrl.replace(/\/v1$/, '');
  const sources = [environment({ AZURE_OPENAI_ENDPOINT: root, AZURE_OPENAI_API_KEY: 'azure-key-1', ...version })];
  const { chat } = await resolveModel({ ...REQUEST, sources, model: 'azure:my mini' });
  await chat.invoke('hello');
  expect(server.requests[0]?.path).toBe(path);
  expect(server.requests[0]?.headers['api-key']).toBe('azure-key-1');
});

test('Azure without an endpoint says what to set', async () => {
  const sources = [environment({ AZURE_OPENAI_API_KEY: 'azure-key-1' })];
  await expect(resolveModel({ ...REQUEST, sources, model: 'azure:mini' })).rejects.toMatchObject({
    code: 'model-unusable',
    hint: expect.stringContaining('AZURE_OPENAI_ENDPOINT'),
  });
});

test('what belongs to the user at OpenAI is not told to another provider', async () => {
  await using server = await startFakeOpenAi([{ kind: 'text', text: 'hi' }]);
  process.env['OPENAI_ORG_ID'] = 'org-of-the-user';
  try {
    const { chat } = await resolveModel({ ...REQUEST, model: 'openrouter:x', baseUrl: server.baseUrl });
    await chat.invoke('hello');
  } finally {
    delete process.env['OPENAI_ORG_ID'];
  }
  expect(server.requests[0]?.headers).not.toHaveProperty('openai-organization');
});

const PACKAGE = { name: '@langchain/anthropic', range: '1.5.0 - 1.5.11' };
test.each([
  ['/home/me/project/node_modules/agenthpo/dist/agents/models', 'npm install "@langchain/anthropic@1.5.0 - 1.5.11"'],
  [
    '/usr/local/lib/node_modules/agenthpo/dist/agents/models',
    'npm install --global "@langchain/anthropic@1.5.0 - 1.5.11"',
  ],
  [
    '/home/me/my tools/lib/node_modules/agenthpo/dist/agents/models',
    `npm install --global --prefix '/home/me/my tools' "@langchain/anthropic@1.5.0 - 1.5.11"`,
  ],
])('installed in %s, a missing package is installed where it is found', (folder, command) => {
  expect(npmInstallCommand(PACKAGE, folder, '/usr/local/bin/node')).toBe(command);
});

test('a missing package is an error with the command that installs it', async () => {
  const sources = [environment({ GROQ_API_KEY: 'gsk-of-the-user' })];
  const request = { ...REQUEST, sources, model: 'groq:llama', workingFolder: aFolder() };
  await expect(resolveModel(request)).rejects.toMatchObject({
    code: 'model-unusable',
    message: expect.stringContaining('@langchain/groq, which is not installed'),
    hint: 'Run: npm install "@langchain/groq@1.2.0 - 1.3.1"',
  });
});

test('a package is found from the working directory, and told its key and server explicitly', async () => {
  const folder = aFolder();
  const place = join(folder, 'node_modules/@langchain/groq');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{"name": "@langchain/groq", "main": "index.js"}');
  writeFileSync(
    join(place, 'index.js'),
    'exports.ChatGroq = class { constructor(fields) { global.seenFields = fields; } invoke() {} bindTools() {} };',
  );
  const sources = [environment({ GROQ_API_KEY: 'gsk-of-the-user' })];
  await resolveModel({ ...REQUEST, sources, model: 'groq:llama', workingFolder: folder });
  const fields: unknown = Reflect.get(globalThis, 'seenFields');
  expect(fields).toMatchObject({
    model: 'llama',
    apiKey: 'gsk-of-the-user',
    baseUrl: 'https://api.groq.com',
    maxRetries: 0,
    streaming: false,
  });
  expect(fields).not.toHaveProperty('temperature');
});
