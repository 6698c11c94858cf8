import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AgentHpoError, systemCodeOf } from '../../study/errors.ts';
import type { Adaptation } from './adapted-model.ts';
import { type AwsClient, bedrockFields, isAwsClient, prepareBeforeSigning } from './bedrock.ts';
import type { ClientRequest } from './chat-completions.ts';
import { withGoogleSchemas } from './google-schemas.ts';
import { createModelFetch, type ModelFetchOptions } from './model-fetch.ts';
import { npmInstallCommand } from './npm-install-command.ts';
import { createProviderFetch, routeGlobalFetch, THROUGH_US, withinProviderCall } from './provider-call.ts';
import type { Provider, ProviderPackage } from './providers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The time limit is our fetch’s, which says what it was; the longest that a timer takes. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** What each package’s constructor calls the same things; nothing is left for it to find in the environment. */
const FIELDS: Readonly<Record<string, (request: PackageRequest) => Fields>> = {
  anthropic: ({ credentials: { apiKey, baseUrl }, fetch }) => ({
    apiKey,
    anthropicApiUrl: baseUrl,
    clientOptions: { fetch, timeout: NO_LIMIT_MS, authToken: null },
  }),
  groq: ({ credentials: { apiKey, baseUrl }, fetch }) => ({ apiKey, baseUrl, fetch, timeout: NO_LIMIT_MS }),
  google: ({ credentials: { apiKey } }) => ({ apiKey, baseUrl: THROUGH_US }),
  // The one method that its client asks of an HTTP client.
  mistral: ({ credentials: { apiKey }, fetch }) => ({
    apiKey,
    serverURL: THROUGH_US,
    httpClient: { request: (request: Request) => fetch(request) },
  }),
  bedrock: ({ credentials, way }) => bedrockFields(credentials, way),
};

interface PackageRequest extends Omit<ClientRequest, 'fetch' | 'timeoutSeconds'> {
  readonly way: ModelFetchOptions;
  readonly fetch: typeof fetch;
}

/**
 * A chat model of a provider’s LangChain package, found from the working directory or beside our own installation, and how
 * to call it. Throws `model-unusable` with the command that installs a missing one.
 */
export async function createFromPackage(
  request: Omit<PackageRequest, 'fetch'>,
  from: ProviderPackage,
  workingFolder: string | undefined,
): Promise<Pick<Adaptation, 'inner' | 'within'>> {
  const { provider, name, credentials, temperature, way } = request;
  const prepare = provider.name === 'google' ? { prepare: withGoogleSchemas } : {};
  const fetch = createProviderFetch(createModelFetch({ ...way, ...prepare }), credentials.baseUrl);
  const fields = FIELDS[provider.name]?.({ ...request, fetch });
  const found: unknown = await import(pathToFileURL(locate(provider, from, workingFolder)).href);
  const Model: unknown = memberOf(found, from.className) ?? memberOf(memberOf(found, 'default'), from.className);
  if (typeof Model !== 'function') throw unusable(from, `it exports no ${from.className}`);
  const common = { model: name, maxRetries: 0, streaming: false, ...(temperature !== undefined && { temperature }) };
  const model: unknown = Reflect.construct(Model, [{ ...common, ...fields }]);
  if (!isChatModel(model)) throw unusable(from, `its ${from.className} is no chat model`);
  // Some have a default of their own, which nobody here asked for.
  if (temperature === undefined && memberOf(model, 'temperature') !== undefined)
    Reflect.set(model, 'temperature', undefined);
  if (provider.name === 'google') routeGlobalFetch();
  if (provider.name === 'bedrock') prepareBeforeSigning(awsClientOf(model, from), way);
  return { inner: model, within: (signal, send) => withinProviderCall({ signal, fetch }, send) };
}

function awsClientOf(model: BaseChatModel, from: ProviderPackage): AwsClient {
  const client = memberOf(model, 'client');
  if (!isAwsClient(client)) throw unusable(from, `its ${from.className} has no client of Amazon’s`);
  return client;
}

/** The package’s entry file. */
function locate(provider: Provider, from: ProviderPackage, workingFolder: string | undefined): string {
  const own = fileURLToPath(import.meta.url);
  const places = [...(workingFolder === undefined ? [] : [join(workingFolder, 'any.js')]), own];
  for (const place of places) {
    const entry = resolveFrom(place, from.name);
    if (entry !== undefined) return entry;
  }
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `Models of ${provider.title} need the package ${from.name}, which is not installed.`,
    hint: `Run: ${npmInstallCommand(from, dirname(own), process.execPath)}`,
  });
}

function resolveFrom(place: string, name: string): string | undefined {
  try {
    return createRequire(place).resolve(name);
  } catch (error) {
    if (systemCodeOf(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function unusable({ name, range }: ProviderPackage, why: string): AgentHpoError {
  return new AgentHpoError({
    code: 'model-unusable',
    message: `The installed ${name} cannot be used: ${why}.`,
    hint: `Install a version that fits: npm install "${name}@${range}"`,
  });
}

/** By what it can do: the package may bring its own copy of LangChain’s core, and with it other classes. */
function isChatModel(value: unknown): value is BaseChatModel {
  return (
    value instanceof BaseChatModel ||
    (typeof memberOf(value, 'invoke') === 'function' && typeof memberOf(value, 'bindTools') === 'function')
  );
}

function memberOf(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}
