import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { AgentHpoError } from '../../study/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to `url`, as HTTPS_PROXY (or ALL_PROXY) and NO_PROXY have it, in capitals or not; undefined: there is
 * none. Plain http is only ever spoken to this machine, which no proxy stands before: HTTP_PROXY has nothing to say.
 * Throws `model-unusable` for one that is no http(s) address.
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  if (url.protocol !== 'https:' || isExcepted(url, read(environment, 'NO_PROXY') ?? '')) return undefined;
  const named = read(environment, 'HTTPS_PROXY') ?? read(environment, 'ALL_PROXY');
  if (named === undefined) return undefined;
  const written = named.includes('://') ? named : `http://${named}`;
  const proxy = URL.canParse(written) ? new URL(written) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `The proxy${proxy === undefined ? '' : ` ${proxy.protocol}//${proxy.host}`} in HTTPS_PROXY or ALL_PROXY is no http(s) address.`,
    hint: 'Set HTTPS_PROXY to an address such as http://proxy.example.com:3128, or NO_PROXY to the model’s server.',
  });
}

function read(environment: Environment, name: string): string | undefined {
  const value = (environment[name.toLowerCase()] ?? environment[name])?.trim();
  return value === '' ? undefined : value;
}

/** `example.com` stands for its subdomains too, `*` for all; a port, where one is written, must be the same. */
function isExcepted({ hostname, port }: URL, exceptions: string): boolean {
  if (['localhost', '[::1]'].includes(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname)) return true;
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((each) => {
      const [, host = '', onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(each) ?? [];
      if (each === '*') return true;
      if (host === '' || (onlyPort !== undefined && onlyPort !== (port || '443'))) return false;
      return hostname === host || hostname.endsWith(`.${host}`);
    });
}

/**
 * A TLS connection to `target` through `proxy` (CONNECT): the proxy sees where to, and nothing of what is said. Rejects as a
 * connection that did not come about.
 */
export async function connectThrough(proxy: URL, target: URL, signal: AbortSignal): Promise<TLSSocket> {
  const socket = await tunnel(proxy, target, signal);
  const { hostname } = target;
  return await new Promise((resolve, reject) => {
    const secure = connectTls({ socket, ...(isIP(hostname) === 0 && { servername: hostname }) });
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', reject);
  });
}

function tunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const path = `${target.hostname}:${target.port || 443}`;
  const headers = { host: path, ...authorization(proxy) };
  const { protocol, hostname, port } = proxy;
  return new Promise((resolve, reject) => {
    const request = protocol === 'https:' ? requestHttps : requestHttp;
    const asked = request({ method: 'CONNECT', protocol, host: hostname, port, path, headers, signal, agent: false });
    asked.once('connect', ({ statusCode, statusMessage }, socket) => {
      if (statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(refused(proxy, `it answered ${statusCode} ${statusMessage}`));
      }
    });
    asked.once('error', (error) => reject(signal.aborted ? error : refused(proxy, error.message, error)));
    asked.end();
  });
}

function authorization({ username, password }: URL) {
  if (username === '' && password === '') return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** As it is where it holds a % of its own: many write a password down as it was given to them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** A connection that did not come about, marked with the proxy’s address (agents/model-fault.ts). */
function refused({ protocol, host }: URL, why: string, cause?: unknown): Error {
  const proxy = `${protocol}//${host}`;
  return Object.assign(new Error(`the proxy ${proxy} did not connect: ${why}`, { cause }), { proxy });
}
