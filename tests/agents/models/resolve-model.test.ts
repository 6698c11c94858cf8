import { expect, test } from 'vitest';
import { findCredentials, hasKey } from '../../../agents/models/credentials.ts';
import { OPENAI } from '../../../agents/models/providers.ts';
import { type ModelRequest, resolveModel } from '../../../agents/models/resolve-model.ts';
import { withoutTracing } from '../../../agents/models/without-tracing.ts';
import { startFakeOpenAi } from '../../fixtures/fake-openai.ts';

const environment = (values: Record<string, string>) => ({ name: 'the environment', values });
const dotEnv = (values: Record<string, string>) => ({ name: '.env', values });
const REQUEST: ModelRequest = { model: 'openai:gpt-test', timeoutSeconds: 5, seed: 1, sources: [] };

test('a key alone goes to OpenAI', () => {
  expect(findCredentials(OPENAI, undefined, [environment({ OPENAI_API_KEY: 'sk-1' })])).toMatchObject({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'sk-1',
    keySource: 'OPENAI_API_KEY in the environment',
  });
});

test('key and server come from the same source, so that a folder’s .env cannot redirect the user’s key', () => {
  const sources = [environment({ OPENAI_API_KEY: 'sk-user' }), dotEnv({ OPENAI_BASE_URL: 'https://evil.example/v1' })];
  expect(findCredentials(OPENAI, undefined, sources).baseUrl).toBe('https://api.openai.com/v1');
  const only = [environment({}), dotEnv({ OPENAI_BASE_URL: 'https://llm.example/v1', OPENAI_API_KEY: 'sk-env' })];
  expect(findCredentials(OPENAI, undefined, only)).toMatchObject({
    baseUrl: 'https://llm.example/v1',
    apiKey: 'sk-env',
  });
});

test('an explicit server needs no key, and takes the one there is', () => {
  expect(findCredentials(OPENAI, 'http://localhost:11434/v1/', [])).toMatchObject({
    baseUrl: 'http://localhost:11434/v1',
    apiKey: 'none',
  });
  expect(findCredentials(OPENAI, 'https://router.example/v1', [environment({ OPENAI_API_KEY: 'sk-1' })]).apiKey).toBe(
    'sk-1',
  );
});

test.each(['http://llm.example/v1', 'http://10.0.0.5:8000/v1'])(
  'plain http to another machine is refused: %s',
  (url) => {
    expect(() => findCredentials(OPENAI, url, [])).toThrow(
      expect.objectContaining({ code: 'model-unusable', hint: expect.stringContaining('https') }),
    );
  },
);

test.each(['http://127.0.0.1:1234/v1', 'http://[::1]:1234/v1', 'https://llm.example/v1'])('%s is accepted', (url) => {
  expect(findCredentials(OPENAI, url, []).baseUrl).toBe(url);
});

test.each(['localhost:11434', 'ftp://x/v1', 'nonsense'])('"%s" is no server’s address', (url) => {
  expect(() => findCredentials(OPENAI, url, [])).toThrow(expect.objectContaining({ code: 'model-unusable' }));
});

test('no key and no server is an error that names the ways out', async () => {
  await expect(resolveModel(REQUEST)).rejects.toMatchObject({
    code: 'model-unusable',
    hint: expect.stringMatching(/OPENAI_API_KEY.*--base-url.*--model offline/),
  });
  expect(hasKey(OPENAI, [environment({ OPENAI_API_KEY: ' ' })])).toBe(false);
});

test.each(['gpt-5', 'opena:gpt-5', 'openai:', ''])(
  '"%s" names no model, and nothing else is used instead',
  async (model) => {
    await expect(resolveModel({ ...REQUEST, model })).rejects.toMatchObject({
      code: 'model-unusable',
      hint: expect.stringContaining('--model openai:'),
    });
  },
);

test('offline needs nothing', async () => {
  expect(await resolveModel({ ...REQUEST, model: 'offline' })).toMatchObject({
    name: 'offline',
    isOffline: true,
    endpoint: null,
  });
});

async function sentWith(changes: Partial<ModelRequest>) {
  await using server = await startFakeOpenAi([{ kind: 'text', text: 'hi' }]);
  const { chat, name } = await resolveModel({ ...REQUEST, baseUrl: server.baseUrl, ...changes });
  await chat.invoke('hello');
  return { name, request: server.requests[0] };
}

test('chat completions are asked, with the key, and without a temperature nobody set', async () => {
  const { name, request } = await sentWith({ sources: [environment({ OPENAI_API_KEY: 'sk-1' })] });
  expect(name).toBe('openai:gpt-test');
  expect(request?.headers['authorization']).toBe('Bearer sk-1');
  expect(request?.body).toMatchObject({ model: 'gpt-test', messages: [{ role: 'user', content: 'hello' }] });
  expect(request?.body).not.toHaveProperty('temperature');
  expect(request?.body['stream'] ?? false).toBe(false);
});

test('a temperature that the user set is sent', async () => {
  const { request } = await sentWith({ temperature: 0.7 });
  expect(request?.body['temperature']).toBe(0.7);
});

test('tracing is off whatever the shell says', () => {
  expect(withoutTracing({ LANGSMITH_TRACING: 'true', HOME: '/home/a' })).toMatchObject({
    HOME: '/home/a',
    LANGSMITH_TRACING: 'false',
    LANGSMITH_TRACING_V2: 'false',
    LANGCHAIN_TRACING: 'false',
    LANGCHAIN_TRACING_V2: 'false',
  });
});
