import { AgentHpoError, systemCodeOf } from '../study/errors.ts';
import type { ResolvedModel } from './model-access.ts';

/** A model call that took longer than allowed, whatever the library underneath did about it. */
export class ModelTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/** What a provider’s server answered, and its own client could not read. */
export class UnreadableReply extends Error {
  override readonly name = 'UnreadableReply';
}

/**
 * What became of the request. `not-sent`: its server was never reached. `refused`: it was answered with an error, which no
 * provider charges for. `unknown`: nobody here can tell whether it was answered, and charged for.
 */
export type RequestFate = 'not-sent' | 'refused' | 'unknown';

/** What went wrong in a model call, read from the error’s facts and never from its class name alone. */
export interface ModelFault {
  readonly status?: number;
  readonly fate: RequestFate;
  /** Whether the same call may succeed a little later. */
  readonly isPassing: boolean;
  /** Whether a fallback model may take over: the server is at fault, not the request, the key or the model’s name. */
  readonly mayFallBack: boolean;
  /** The model’s provider will not answer this very prompt (a content filter); another one it would. */
  readonly isRefusal?: boolean;
  /** TLS did not come about: a certificate that is not trusted, or a server without TLS. */
  readonly isInsecure?: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number;
  /** In a few words. */
  readonly what: string;
}

const PASSING_STATUS = [408, 409, 425, 429];
const NAME_CODES = /^(ENOTFOUND|EAI_AGAIN)/;
/** No connection came about. */
const UNCONNECTED_CODES = /^(ECONNREFUSED|EHOST|ENET|UND_ERR_CONNECT_TIMEOUT)/;
const PASSING_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|UND_ERR)/;
/** A gateway lost the server behind it, which may have gone on. */
const LOST_STATUS = [502, 504, 520, 521, 522, 523, 524];
/** OpenSSL’s: no waiting mends a certificate. */
const SECURITY_CODES = /^(EPROTO|ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;
/** A request that a content filter would not let through, in the words of Azure and of its followers. */
const FILTER_CODES = ['content_filter', 'content_policy_violation', 'ResponsibleAIPolicyViolation'];

/** The fault behind an error of a model call; undefined for an error that is no model’s doing. */
export function toModelFault(error: unknown): ModelFault | undefined {
  const causes = causesOf(error);
  const answered = causes.find((each): each is Error & { status: number } => typeof field(each, 'status') === 'number');
  if (answered !== undefined) return statusFault(answered, answered.status);
  const connection = connectionFault(causes);
  if (connection !== undefined) return connection;
  if (causes.some(({ name, message }) => name === 'TimeoutError' || message === 'Request timed out.'))
    return broken('no answer in time');
  if (causes.some((each) => each instanceof UnreadableReply))
    return broken('the reply is not in the format of its provider');
  if (causes.some(({ message }) => /^(Connection error|fetch failed|terminated)/.test(message)))
    return broken('the connection broke');
  if (causes.some((each) => each instanceof SyntaxError || each instanceof TypeError))
    return broken('the reply is not in the format of an OpenAI-compatible server');
  return undefined;
}

function passing(what: string, fate: RequestFate): ModelFault {
  return { isPassing: true, mayFallBack: true, fate, what };
}

function broken(what: string): ModelFault {
  return passing(what, 'unknown');
}

function connectionFault(causes: readonly Error[]): ModelFault | undefined {
  const atProxy = causes.find((each) => field(each, 'proxy') !== undefined);
  if (atProxy !== undefined) return passing(atProxy.message, 'not-sent');
  const codeLike = (pattern: RegExp) =>
    causes.map(systemCodeOf).find((each) => each !== undefined && pattern.test(each));
  const security = codeLike(SECURITY_CODES);
  if (security !== undefined)
    return {
      isPassing: false,
      mayFallBack: false,
      isInsecure: true,
      fate: 'not-sent',
      what: `no secure connection (${security})`,
    };
  const name = codeLike(NAME_CODES);
  if (name !== undefined) return passing(`its name leads to no address (${name})`, 'not-sent');
  const code = codeLike(PASSING_CODES);
  if (code === undefined) return undefined;
  const isUnconnected = UNCONNECTED_CODES.test(code) || causes.some((each) => field(each, 'syscall') === 'connect');
  return passing(`no connection (${code})`, isUnconnected ? 'not-sent' : 'unknown');
}

function statusFault(error: Error, status: number): ModelFault {
  const code = field(error, 'code');
  const mayFallBack = PASSING_STATUS.includes(status) || status >= 500;
  const retryAfterMs = readRetryAfter(error, Date.now());
  return {
    status,
    fate: LOST_STATUS.includes(status) ? 'unknown' : 'refused',
    mayFallBack,
    isPassing: mayFallBack && code !== 'insufficient_quota',
    what: `status ${status}: ${firstLine(error.message)}${redirection(error, status)}`,
    ...(status === 400 && typeof code === 'string' && FILTER_CODES.includes(code) && { isRefusal: true }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Where the server says it is; nobody follows with a key in hand. */
function redirection(error: Error, status: number): string {
  const headers = field(error, 'headers');
  const target = headers instanceof Headers ? headers.get('location') : null;
  return status >= 300 && status < 400 && target !== null ? ` (it redirects to ${target})` : '';
}

/** `Retry-After` as seconds or as an HTTP date, or OpenAI’s `retry-after-ms`. */
function readRetryAfter(error: Error, now: number): number | undefined {
  const headers = field(error, 'headers');
  if (!(headers instanceof Headers)) return undefined;
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const asked = headers.get('retry-after');
  if (asked === null) return undefined;
  const wait = Number.isFinite(Number(asked)) ? Number(asked) * 1000 : Date.parse(asked) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** What an error tells of the model that failed. */
type AskedModel = Pick<ResolvedModel, 'name' | 'endpoint' | 'keySource'>;

/** The error that a user reads when a model call cannot be saved. */
export function toModelError(fault: ModelFault, model: AskedModel, cause: unknown): AgentHpoError {
  const at = model.endpoint === null ? '' : ` at ${model.endpoint}`;
  const isMisled = fault.status !== undefined && (fault.status < 400 || [401, 403, 404].includes(fault.status));
  return new AgentHpoError({
    code: isMisled || fault.isInsecure ? 'model-unusable' : 'model-failed',
    message: `${model.name}${at} did not answer: ${fault.what}.`,
    hint: hintFor(fault, model),
    cause,
  });
}

function hintFor({ status, isInsecure, what }: ModelFault, { keySource, endpoint }: AskedModel): string {
  if (isInsecure)
    return 'Check --base-url (a server on this machine may speak http:// only); for a certificate of your own authority set NODE_EXTRA_CA_CERTS to its file.';
  if (status !== undefined && status < 400)
    return 'Set --base-url to the address that the server names, if you trust it.';
  if (status === 401 || status === 403)
    return `Check ${keySource ?? 'OPENAI_API_KEY'}, which is sent to ${endpoint}, or use --model offline, which needs no key.`;
  if (status === 404)
    return `Check the model’s name and --base-url (a path like /v1 is part of it), or use --model offline.`;
  if (status === 400 && /\bapi[ -]versions?\b/i.test(what))
    return 'Set AZURE_OPENAI_API_VERSION to a version that the server names, or unset it: then none is sent.';
  if (status === 400 && /\b(tools?|functions?)\b/i.test(what))
    return 'For a model without tool calls: --tool-form text, or another one with --model.';
  if (status === 400)
    return 'The server does not take the request, for the reason that it gives: mend that, or choose another model with --model.';
  if (status === 429) return 'Check the account’s limits and credit, or resume the study later: nothing is lost.';
  return 'Check that the server is reachable, then resume the study: nothing is lost. --model offline needs no server.';
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && causes.length < 10; each = each.cause) causes.push(each);
  return causes;
}

function field(error: Error, name: string): unknown {
  return name in error ? Reflect.get(error, name) : undefined;
}

/** LangChain appends a “Troubleshooting URL”, servers whole HTML pages: neither helps here. */
function firstLine(message: string): string {
  const line = (message.split('\n')[0] ?? '')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
