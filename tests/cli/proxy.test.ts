import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { CERTIFICATE, startProxy } from '../fixtures/proxy-server.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'print("METRIC loss=1")\n';
const OK = { kind: 'text', text: 'It went well.' } as const;

/** One trial with a model at https://models.test, which only the proxy knows the way to. */
async function tune(place: Workplace, environment: Record<string, string>) {
  const model = ['--model', 'openai:fake', '--base-url', 'https://models.test/v1'];
  const args = ['tune', place.task(SCRIPT), ...model, '--strategy', 'random', '--trials', '1'];
  return await place.run([...args, '--seed', '1', '--yes', '--plain'], {
    OPENAI_API_KEY: 'test',
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    AGENTHPO_RETRY_TIME: '1',
    ...environment,
  });
}

test('requests to a model go through HTTPS_PROXY, which is told who asks and sees no word; its password stands nowhere', async () => {
  await using server = await startFakeOpenAi(() => OK);
  await using proxy = await startProxy(server.baseUrl);
  const place = new Workplace();
  const run = await tune(place, { HTTPS_PROXY: `http://me:sesame-7@${proxy.host}` });
  expect(run.code, run.stderr).toBe(0);
  expect(server.requests.length).toBeGreaterThan(0);
  const authorization = `Basic ${Buffer.from('me:sesame-7').toString('base64')}`;
  expect(new Set(proxy.asked.map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify({ target: 'models.test:443', authorization })]),
  );
  const logs = join(place.folder, 'logs');
  const written = readdirSync(logs, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  for (const { parentPath, name } of written)
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('sesame-7');
});

test.each(['models.test', '.test', 'other.example, MODELS.test:443', '*'])(
  'NO_PROXY=%s goes straight',
  async (names) => {
    await using server = await startFakeOpenAi(() => OK);
    await using proxy = await startProxy(server.baseUrl);
    const run = await tune(new Workplace(), { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: names });
    expect(run.stderr).toContain('models.test'); // which has no address but behind the proxy
    expect(run.code).not.toBe(0);
    expect(proxy.asked).toEqual([]);
  },
);

test('a proxy that refuses is named, without its password', async () => {
  await using server = await startFakeOpenAi(() => OK);
  await using proxy = await startProxy(server.baseUrl, 407);
  const run = await tune(new Workplace(), { https_proxy: `http://me:sesame-7@${proxy.host}` });
  expect(run.stderr).toContain(`[model-unreachable] openai:fake at https://models.test/v1 cannot be reached`);
  expect(run.stderr).toContain(`the proxy http://${proxy.host} did not connect: it answered 407`);
  expect(run.stderr).not.toContain('sesame-7');
});

test.each(['socks5://me:sesame-7@127.0.0.1:9', 'me:sesame-7 or so@:9'])(
  'a proxy that is no http(s) address is said before anything begins: %s',
  async (proxy) => {
    const place = new Workplace();
    const run = await tune(place, { HTTPS_PROXY: proxy });
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringContaining('in HTTPS_PROXY or ALL_PROXY is no http(s) address'),
    ]);
    expect(run.stderr).not.toContain('sesame-7');
    expect(existsSync(join(place.folder, 'logs'))).toBe(false);
  },
);

test('a password with a % of its own is sent as it is written', async () => {
  await using server = await startFakeOpenAi(() => OK);
  await using proxy = await startProxy(server.baseUrl);
  const run = await tune(new Workplace(), { HTTPS_PROXY: `http://me:100%25-or-5%zz@${proxy.host}` });
  expect(run.code, run.stderr).toBe(0);
  expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:100%25-or-5%zz').toString('base64')}`);
});

test('a server on this machine is asked without a proxy', async () => {
  await using server = await startFakeOpenAi(() => OK);
  const place = new Workplace();
  const model = ['--model', 'openai:fake', '--base-url', server.baseUrl, '--strategy', 'random', '--trials', '1'];
  const proxies = {
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    ALL_PROXY: 'http://127.0.0.1:9',
  };
  const run = await place.run(['tune', place.task(SCRIPT), ...model, '--yes', '--plain'], proxies);
  expect(run.code, run.stderr).toBe(0);
  expect(server.requests.length).toBeGreaterThan(0);
});
