import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createPatientFetch } from '../../../agents/models/patient-fetch.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server’s address, once it listens
}

test('request and reply go through whole: method, headers, body, status', async () => {
  const url = await aServer((incoming, response) => {
    incoming.setEncoding('utf8');
    let body = '';
    incoming.on('data', (part: string) => {
      body += part;
    });
    incoming.on('end', () => {
      response.writeHead(429, { 'retry-after': '7', 'set-cookie': ['a=1', 'b=2'] });
      response.end(`${incoming.method} ${incoming.headers['x-sent']} ${body}`);
    });
  });
  const answer = await createPatientFetch()(`${url}/v1`, { method: 'POST', headers: { 'x-sent': 'this' }, body: 'ä€' });
  expect([answer.status, answer.headers.get('retry-after'), answer.headers.getSetCookie()]).toEqual([
    429,
    '7',
    ['a=1', 'b=2'],
  ]);
  expect(await answer.text()).toBe('POST this ä€');
});

/** Sets the patience of Node’s own fetch (300 s) for the time of one test. */
function shortenNodesPatience(milliseconds: number): void {
  const key = Symbol.for('undici.globalDispatcher.1');
  const usual: object = Reflect.get(globalThis, key);
  const Agent = usual.constructor as new (options: object) => object; // undici’s Agent, as built into Node
  Reflect.set(globalThis, key, new Agent({ headersTimeout: milliseconds, bodyTimeout: milliseconds }));
  cleanUps.push(() => Reflect.set(globalThis, key, usual));
}

test.each([
  ['headers', false],
  ['the body', true],
])('a server that is slow with %s is waited for beyond the patience of Node’s own fetch', async (_, headersFirst) => {
  const url = await aServer((_incoming, response) => {
    if (headersFirst) response.writeHead(200).write('slowly ');
    setTimeout(() => response.end('but surely'), 2_500);
  });
  await fetch('data:,'); // Node makes its dispatcher with the first request
  shortenNodesPatience(500);
  const nodes = await fetch(url)
    .then((answer) => answer.text())
    .catch((error: Error) => error.message);
  expect(nodes).toMatch(/fetch failed|terminated/);
  expect(await (await createPatientFetch()(url)).text()).toMatch(/but surely$/);
});

test('its caller’s signal ends it with the signal’s reason, before and in the middle of the reply', async () => {
  const url = await aServer((incoming, response) => {
    if (incoming.url === '/stall') response.writeHead(200, { 'content-length': '1000' }).write('{');
  });
  for (const path of ['/hang', '/stall']) {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    setTimeout(() => controller.abort(reason), 100);
    await expect(createPatientFetch()(url + path, { signal: controller.signal })).rejects.toBe(reason);
  }
});

test('a server that accepts and never shakes hands is given up after the time to connect', async () => {
  const server = createTcpServer((socket) => cleanUps.push(() => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  const { port } = server.address() as AddressInfo; // as above
  await expect(createPatientFetch({ connectTimeoutMs: 100 })(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
});

test('a redirect is an answer, not followed', async () => {
  const seen: (string | undefined)[] = [];
  const url = await aServer((incoming, response) => {
    seen.push(incoming.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  const answer = await createPatientFetch()(`${url}/v1`, { method: 'POST', body: 'prompt' });
  expect([answer.status, seen]).toEqual([307, ['/v1']]);
});

test('a reply without end is cut off', async () => {
  const url = await aServer((_incoming, response) => {
    const chunk = Buffer.alloc(2 ** 20);
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  });
  await expect(createPatientFetch()(url)).rejects.toThrow('the reply is longer than 32 MiB');
});
