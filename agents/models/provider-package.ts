import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AgentHpoError, systemCodeOf } from '../../study/errors.ts';
import type { ClientRequest } from './chat-completions.ts';
import { npmInstallCommand } from './npm-install-command.ts';
import type { Provider, ProviderPackage } from './providers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What each package’s constructor calls the same things; nothing is left for it to find in the environment. */
const FIELDS: Readonly<Record<string, (request: ClientRequest) => Fields>> = {
  anthropic: ({ credentials: { apiKey, baseUrl }, fetch, timeoutSeconds }) => ({
    apiKey,
    anthropicApiUrl: baseUrl,
    clientOptions: { fetch, timeout: timeoutSeconds * 1000, authToken: null },
  }),
  groq: ({ credentials: { apiKey, baseUrl }, fetch, timeoutSeconds }) => ({
    apiKey,
    baseUrl,
    fetch,
    timeout: timeoutSeconds * 1000,
  }),
  google: ({ credentials: { apiKey, baseUrl } }) => ({ apiKey, baseUrl }),
  mistral: ({ credentials: { apiKey, baseUrl } }) => ({ apiKey, serverURL: baseUrl }),
  bedrock: bedrockFields,
};

/** Packages that take our `fetch`. The others have their own, so that requests are cleaned before they get them. */
export function takesFetch({ name }: Provider): boolean {
  return name === 'anthropic' || name === 'groq';
}

/**
 * A chat model of a provider’s LangChain package, found from the working directory or beside our own installation.
 * Throws `model-unusable` with the command that installs a missing one.
 */
export async function createFromPackage(
  request: ClientRequest,
  from: ProviderPackage,
  workingFolder: string | undefined,
): Promise<BaseChatModel> {
  const { provider, name, temperature } = request;
  const fields = { ...FIELDS[provider.name]?.(request), ...(temperature !== undefined && { temperature }) };
  const found: unknown = await import(pathToFileURL(locate(provider, from, workingFolder)).href);
  const Model: unknown = memberOf(found, from.className) ?? memberOf(memberOf(found, 'default'), from.className);
  if (typeof Model !== 'function') throw unusable(from, `it exports no ${from.className}`);
  const model: unknown = Reflect.construct(Model, [{ model: name, maxRetries: 0, streaming: false, ...fields }]);
  if (!isChatModel(model)) throw unusable(from, `its ${from.className} is no chat model`);
  // Some have a default of their own, which nobody here asked for.
  if (temperature === undefined && memberOf(model, 'temperature') !== undefined)
    Reflect.set(model, 'temperature', undefined);
  return model;
}

function bedrockFields({ credentials: { baseUrl, values } }: ClientRequest): Fields {
  const region = values['AWS_REGION'] ?? values['AWS_DEFAULT_REGION'];
  if (!region)
    throw new AgentHpoError({
      code: 'model-unusable',
      message: 'No AWS region was found for Amazon Bedrock.',
      hint: 'Set AWS_REGION, such as us-east-1, beside the credentials of your AWS account.',
    });
  const [accessKeyId, secretAccessKey] = [values['AWS_ACCESS_KEY_ID'], values['AWS_SECRET_ACCESS_KEY']];
  const sessionToken = values['AWS_SESSION_TOKEN'];
  return {
    region,
    ...(baseUrl !== undefined && { endpointHost: new URL(baseUrl).host }),
    clientOptions: { maxAttempts: 1 },
    ...(accessKeyId &&
      secretAccessKey && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
      }),
  };
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
