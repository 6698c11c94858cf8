import { AgentHpoError } from '../../study/errors.ts';
import type { Provider } from './providers.ts';

/** Where settings may come from, in order of precedence; `name` is how a user is told of it. */
export interface EnvironmentSource {
  /** `the environment`, `.env`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

export interface Credentials {
  /** undefined where the provider finds its own address (Bedrock, from a region). */
  readonly baseUrl: string | undefined;
  /** `none` for a server that needs no key, or was named explicitly and given none. */
  readonly apiKey: string;
  /** In words, for the hint of a refused key. */
  readonly keySource: string;
  /** The variables of the source that both came from, for what else a provider reads. */
  readonly values: EnvironmentSource['values'];
}

/**
 * The server and the key that goes to it. Both come from the first source that names either, so that a base URL in a
 * downloaded folder’s `.env` never receives the key of the user’s shell; an explicit `baseUrl` is the user’s own word
 * (the caller has made sure of it) and takes the first key there is. Throws `model-unusable` when there is no key for a server that needs one, and for
 * plain http to another machine.
 */
export function findCredentials(
  provider: Provider,
  baseUrl: string | undefined,
  sources: readonly EnvironmentSource[],
): Credentials {
  const { keyVariables, baseUrlVariable, accountVariables = [] } = provider;
  const names = [...keyVariables, ...accountVariables, ...(baseUrl === undefined ? [baseUrlVariable] : [])];
  const source = sources.find(({ values }) => firstSet(names, values) !== undefined);
  const values = source?.values ?? {};
  const named = baseUrl ?? nonEmpty(values[baseUrlVariable]);
  const keyVariable = firstSet(keyVariables, values);
  const apiKey = keyVariable === undefined ? undefined : nonEmpty(values[keyVariable]);
  const needsKey = keyVariables.length > 0 && !provider.isLocal && (named === undefined || provider.kind === 'azure');
  if (needsKey && apiKey === undefined) throw noKey(provider);
  const address = named ?? provider.baseUrl;
  return {
    baseUrl: address === undefined ? undefined : checkBaseUrl(address),
    apiKey: apiKey ?? 'none',
    keySource: keySourceOf(provider, keyVariable, source),
    values,
  };
}

/** Whether one of a provider’s keys is there at all. */
export function hasKey({ keyVariables }: Provider, sources: readonly EnvironmentSource[]): boolean {
  return sources.some(({ values }) => firstSet(keyVariables, values) !== undefined);
}

function keySourceOf({ keyVariables, title }: Provider, found: string | undefined, source?: EnvironmentSource): string {
  if (found !== undefined) return `${found} in ${source?.name}`;
  const [wanted] = keyVariables;
  return wanted === undefined ? `how ${title} is signed in to` : `${wanted} (it is not set)`;
}

function noKey({ title, keyVariables, kind }: Provider): AgentHpoError {
  const orServer = kind === 'chat-completions' ? ', or point --base-url at a server that needs no key' : '';
  const article = /^[AEIOU]/.test(title) ? 'an' : 'a';
  return new AgentHpoError({
    code: 'model-unusable',
    message: `No ${title} API key was found.`,
    hint: `Set ${keyVariables.join(' or ')} to ${article} ${title} key${orServer}, or use --model offline (free, no network).`,
  });
}

function checkBaseUrl(text: string): string {
  assertNoSecretIn(text);
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

/** An address is shown and kept in study.yaml: a password or a key must not be part of it. Throws `model-unusable`. */
export function assertNoSecretIn(baseUrl: string): void {
  if (!URL.canParse(baseUrl)) return;
  const { username, password, search, origin, pathname } = new URL(baseUrl);
  if (username === '' && password === '' && search === '') return;
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `The base URL ${origin}${pathname} was given with a ${search === '' ? 'user name or password' : 'query'}, which would be shown and kept.`,
    hint: 'Write the address alone, and set the provider’s key variable (docs/models.md names it).',
  });
}

/** Whether an address is one of this machine’s own; false for what is no address. */
export function isOnThisMachine(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function firstSet(names: readonly string[], values: EnvironmentSource['values']): string | undefined {
  return names.find((name) => nonEmpty(values[name]) !== undefined);
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
