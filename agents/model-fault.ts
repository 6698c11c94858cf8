import { AgentHpoError, systemCodeOf } from '../study/errors.ts';
import type { ResolvedModel } from './model-access.ts';

/** A model call that took longer than allowed, whatever the library underneath did about it. */
export class ModelTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/** What went wrong in a model call, read from the error’s facts and never from its class name alone. */
export interface ModelFault {
  readonly status?: number;
  /** Whether the same call may succeed a little later. */
  readonly isPassing: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number;
  /** In a few words. */
  readonly what: string;
}

const PASSING_STATUS = [408, 409, 425, 429];
const PASSING_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOST|ENET|UND_ERR)/;

/** The fault behind an error of a model call; undefined for an error that is no model’s doing. */
export function toModelFault(error: unknown): ModelFault | undefined {
  const causes = causesOf(error);
  const answered = causes.find((each): each is Error & { status: number } => typeof field(each, 'status') === 'number');
  if (answered !== undefined) return statusFault(answered, answered.status);
  const code = causes.map(systemCodeOf).find((each) => each !== undefined && PASSING_CODES.test(each));
  if (code !== undefined) return { isPassing: true, what: `no connection (${code})` };
  if (causes.some(({ name, message }) => name === 'TimeoutError' || message === 'Request timed out.'))
    return { isPassing: true, what: 'no answer in time' };
  if (causes.some(({ message }) => /^(Connection error|fetch failed|terminated)/.test(message)))
    return { isPassing: true, what: 'the connection broke' };
  if (causes.some((each) => each instanceof SyntaxError || each instanceof TypeError))
    return { isPassing: true, what: 'the reply is not in the format of an OpenAI-compatible server' };
  return undefined;
}

function statusFault(error: Error, status: number): ModelFault {
  const isBroke = field(error, 'code') === 'insufficient_quota';
  const retryAfterMs = readRetryAfter(error, Date.now());
  return {
    status,
    isPassing: !isBroke && (PASSING_STATUS.includes(status) || status >= 500),
    what: `status ${status}: ${firstLine(error.message)}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
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

/** The error that a user reads when a model call cannot be saved. */
export function toModelError(fault: ModelFault, model: ResolvedModel, cause: unknown): AgentHpoError {
  const at = model.endpoint === null ? '' : ` at ${model.endpoint}`;
  const isRefused = fault.status === 401 || fault.status === 403 || fault.status === 404;
  return new AgentHpoError({
    code: isRefused ? 'model-unusable' : 'model-failed',
    message: `${model.name}${at} did not answer: ${fault.what}.`,
    hint: hintFor(fault, model),
    cause,
  });
}

function hintFor({ status }: ModelFault, { keySource, endpoint }: ResolvedModel): string {
  if (status === 401 || status === 403)
    return `Check ${keySource ?? 'OPENAI_API_KEY'}, which is sent to ${endpoint}, or use --model offline, which needs no key.`;
  if (status === 404)
    return `Check the model’s name and --base-url (a path like /v1 is part of it), or use --model offline.`;
  if (status === 400)
    return 'The server does not accept the request; check that the model supports tool calls, or choose another with --model.';
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
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
