import type { ModelQuirk } from '../../study/model-quirk.ts';
import { lacksReasoning } from './earlier-reasoning.ts';
import { hasField, type RequestField } from './request-places.ts';
import { hasSystemRole } from './system-role.ts';

type Body = Readonly<Record<string, unknown>>;

interface Refusal {
  readonly quirk: ModelQuirk;
  /** How servers name it, those that do not give the field apart. */
  readonly said: RegExp;
  /** Sent in the request that was refused: what was not sent cannot have been refused. */
  readonly field: RequestField | 'system' | 'reasoning' | 'whole reply';
}

/** The particular before the general: "tools" stands in many a message about tool_choice. */
const REFUSALS: readonly Refusal[] = [
  { quirk: 'no-parallel-tool-calls', field: 'parallel_tool_calls', said: /parallel[ _]tool[ _]calls?/i },
  // vLLM’s complaint about its missing parser names the choice, but no tools can be called at all.
  { quirk: 'no-tools', field: 'tools', said: /--enable-auto-tool-choice|--tool-call-parser|requires --jinja/ },
  { quirk: 'no-tool-choice', field: 'tool_choice', said: /tool[ _]?choice/i },
  {
    quirk: 'no-tools',
    field: 'tools',
    said: /\btools?\b(?! (message|roles?))|\btool[ _](use|calls?|calling)\b|function[ _]call(s|ing)?\b|\bfunctions\b/i,
  },
  {
    quirk: 'no-max-completion-tokens',
    field: 'max_completion_tokens',
    said: /\bmax_completion_tokens\b(?!['"`]? instead)/,
  },
  { quirk: 'no-max-tokens', field: 'max_tokens', said: /\bmax_tokens\b(?!['"`]? instead)/ },
  { quirk: 'no-temperature', field: 'temperature', said: /\btemperature\b/i },
  { quirk: 'no-response-format', field: 'response_format', said: /\bresponse_format\b|json[ _](schema|mode|object)/i },
  {
    quirk: 'no-stop',
    field: 'stop',
    said: /['"`]stop['"`]|\bstop[ _]?(sequences?|parameter|words?)\b|: stop\b|\bparameter stop\b/i,
  },
  { quirk: 'no-seed', field: 'seed', said: /\bseed\b/i },
  {
    quirk: 'no-system-role',
    field: 'system',
    said: /(?<!optional )\b(system|developer)['"`]? (role|messages?|instructions?|prompts?)\b|role['"`]? does not support ['"`](system|developer)|system['"`]? role|, got system|(?<!system message, )conversation roles must alternate/i,
  },
  {
    quirk: 'only-streams',
    field: 'whole reply',
    said: /only supports? stream|enable the stream parameter|non-streaming calls?/i,
  },
  { quirk: 'wants-reasoning', field: 'reasoning', said: /reasoning_content.* must be passed back/i },
];

/** That a thing is refused as such, and not one value of it, a limit passed, or a key that is wrong. */
const REFUSED = new RegExp(
  [
    "n[o'’]t (currently )?(supported|support|(be )?(enabled|allowed|permitted|available|accepted|recogni[sz]ed|implemented))",
    'unsupported|unavailable|unrecogni[sz]ed|unknown|unexpected|disabled|incompatible|is deprecated|requires --|only the default',
    'extra (inputs?|fields?)|no endpoints found|does not (accept|have)|invalid tool_choice type|must be passed back',
    // The templates of models say so when a role is theirs not to know.
    'only supports? stream|non-streaming calls?',
    'roles must alternate|roles are supported, got',
  ].join('|'),
  'i',
);

/** Refusals come with these; some local servers call them their own fault, OpenRouter that nobody can serve it. */
const STATUS = [400, 404, 405, 422, 500, 501];

export interface LearnedQuirk {
  readonly quirk: ModelQuirk;
  /** What the server said, in one line. */
  readonly message: string;
}

/**
 * What a refused request teaches about the server; undefined when its answer names nothing of the request that could be
 * left out, or only what `known` says already.
 */
export function learnQuirk(
  status: number,
  answer: string,
  request: Body,
  known: ReadonlySet<ModelQuirk>,
): LearnedQuirk | undefined {
  if (!STATUS.includes(status)) return undefined;
  const { message, parameter } = readRefusal(answer);
  if (!REFUSED.test(message)) return undefined;
  const possible = REFUSALS.filter(({ quirk, field }) => !known.has(quirk) && isSent(field, request));
  const found = possible.find(({ field }) => field === parameter) ?? possible.find(({ said }) => said.test(message));
  return found && { quirk: found.quirk, message: oneLine(message) };
}

interface Words {
  readonly message: string;
  readonly parameter: string | undefined;
  readonly code: string | undefined;
}

/** The words of an error body, in whichever shape: OpenAI’s, Ollama’s (`{"error": "…"}`), vLLM’s (`{"message": "…"}`), FastAPI’s. */
export function readRefusal(answer: string): Words {
  const body = parseJson(answer);
  const error = field(body, 'error') ?? body;
  const message = [error, field(error, 'message'), field(error, 'detail')].find((each) => typeof each === 'string');
  return {
    message: typeof message === 'string' ? message : answer,
    parameter: textIn(error, 'param'),
    code: textIn(error, 'code'),
  };
}

function isSent(name: Refusal['field'], request: Body): boolean {
  if (name === 'whole reply') return request['stream'] !== true && 'model' in request;
  if (name === 'system') return hasSystemRole(request);
  return name === 'reasoning' ? lacksReasoning(request) : hasField(request, name);
}

function textIn(of: unknown, name: string): string | undefined {
  const value = field(of, name);
  return typeof value === 'string' ? value : undefined;
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text; // plain words, or a page: read as they are
    throw error;
  }
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
