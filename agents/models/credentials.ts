import { AgentHpoError } from '../../study/errors.ts';

const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** Where settings may come from, in order of precedence; `name` is how a user is told of it. */
export interface EnvironmentSource {
  /** `the environment`, `.env`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

export interface Credentials {
  readonly baseUrl: string;
  /** `none` for a server that was named explicitly and given no key. */
  readonly apiKey: string;
  /** In words, for the hint of a refused key. */
  readonly keySource: string;
}

/**
 * The server and the key that goes to it. Both come from the first source that names either, so that a base URL in a
 * downloaded folder’s `.env` never receives the key of the user’s shell; an explicit `baseUrl` is the user’s own word
 * and takes the first key there is. Throws `model-unusable` when there is no key for a server that needs one, and for
 * plain http to another machine.
 */
export function findCredentials(baseUrl: string | undefined, sources: readonly EnvironmentSource[]): Credentials {
  const keyed = sources.find(({ values }) => isSet(values['OPENAI_API_KEY']));
  const source =
    baseUrl === undefined
      ? sources.find(({ values }) => isSet(values['OPENAI_API_KEY']) || isSet(values['OPENAI_BASE_URL']))
      : keyed;
  const named = baseUrl ?? nonEmpty(source?.values['OPENAI_BASE_URL']);
  const key = nonEmpty(source?.values['OPENAI_API_KEY']);
  if (named === undefined && key === undefined)
    throw new AgentHpoError({
      code: 'model-unusable',
      message: 'No OpenAI API key was found.',
      hint: 'Set OPENAI_API_KEY, or point --base-url at a server that needs no key, or use --model offline (free, no network).',
    });
  const checked = checkBaseUrl(named ?? OPENAI_BASE_URL);
  return {
    baseUrl: checked,
    apiKey: key ?? 'none',
    keySource: key === undefined ? 'OPENAI_API_KEY (it is not set)' : `OPENAI_API_KEY in ${source?.name}`,
  };
}

/** Whether a key is there at all, which makes OpenAI the default model. */
export function hasOpenAiKey(sources: readonly EnvironmentSource[]): boolean {
  return sources.some(({ values }) => isSet(values['OPENAI_API_KEY']));
}

function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === undefined || !isHttp)
    throw new AgentHpoError({
      code: 'model-unusable',
      message: `The base URL "${text}" is not an http(s) address.`,
      hint: 'Write it in full, with the version path: --base-url http://localhost:11434/v1',
    });
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new AgentHpoError({
      code: 'model-unusable',
      message: `The base URL "${text}" would send prompts and the key unencrypted over the network.`,
      hint: 'Use https, or a server on this machine (localhost); an ssh tunnel makes a remote one local.',
    });
  return text.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function isSet(value: string | undefined): boolean {
  return nonEmpty(value) !== undefined;
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
