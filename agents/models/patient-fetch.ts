import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { connectThrough, proxyFor } from './proxy.ts';

/** A server that cannot be reached is known sooner than one that thinks long. */
const CONNECT_TIMEOUT_MS = 15_000;
/** A reply is a few pages of text; more is no reply. */
const MAX_REPLY_BYTES = 32 * 2 ** 20;
/** Answers that have no body by definition; the constructor of Response refuses one. */
const WITHOUT_BODY = [204, 205, 304];

export interface PatientFetchOptions {
  readonly connectTimeoutMs?: number;
  /** Where HTTPS_PROXY and NO_PROXY are looked for; left out: requests go straight. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * `fetch` over node:http, for requests to a model. Node’s own gives up after 300 s without an answer, whatever its caller
 * allows; here only `signal` and the time to connect count. Resolves when the whole reply is there. No redirect is
 * followed: prompts and the key go where the user said, and nowhere else.
 */
export function createPatientFetch({
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
  environment = {},
}: PatientFetchOptions = {}): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const proxy = proxyFor(new URL(request.url), environment);
    try {
      const answer = await (proxy === undefined
        ? send(request, body, connectTimeoutMs)
        : sendThrough(proxy, request, body, connectTimeoutMs));
      return await toResponse(answer);
    } catch (error) {
      request.signal.throwIfAborted();
      throw error;
    }
  };
}

/** Each request has a connection of its own. */
async function sendThrough(
  proxy: URL,
  request: Request,
  body: Buffer,
  connectTimeoutMs: number,
): Promise<IncomingMessage> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), connectTimeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, tooLate.signal]);
    const socket = await connectThrough(proxy, new URL(request.url), signal);
    return await send(request, body, connectTimeoutMs, socket);
  } catch (error) {
    throw tooLate.signal.aborted ? connectTimeout(connectTimeoutMs) : error;
  } finally {
    clearTimeout(timer);
  }
}

function send(request: Request, body: Buffer, connectTimeoutMs: number, through?: Socket): Promise<IncomingMessage> {
  const isHttps = new URL(request.url).protocol === 'https:';
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.byteLength) };
  return new Promise((resolve, reject) => {
    const outgoing = (isHttps ? requestHttps : requestHttp)(
      request.url,
      { method: request.method, headers, signal: request.signal, ...(through && { createConnection: () => through }) },
      resolve,
    );
    const timer = setTimeout(() => outgoing.destroy(connectTimeout(connectTimeoutMs)), connectTimeoutMs);
    const isConnected = () => clearTimeout(timer);
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once(isHttps ? 'secureConnect' : 'connect', isConnected);
      else isConnected(); // kept alive from the request before
    });
    outgoing.on('close', isConnected);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function connectTimeout(milliseconds: number): Error {
  const facts = { code: 'ETIMEDOUT', syscall: 'connect' }; // as the system’s own is marked
  return Object.assign(new Error(`no connection within ${milliseconds / 1000} s`), facts);
}

async function toResponse(answer: IncomingMessage): Promise<Response> {
  const { statusCode: status = 0, headersDistinct } = answer;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  const body = await readAll(answer);
  return new Response(WITHOUT_BODY.includes(status) ? null : body, { status, headers });
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw new TypeError(`the reply is longer than ${MAX_REPLY_BYTES / 2 ** 20} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
