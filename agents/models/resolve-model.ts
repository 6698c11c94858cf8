import { AgentHpoError } from '../../study/errors.ts';
import type { ToolForm } from '../../study/model-quirk.ts';
import { nearestTo } from '../../study/nearest.ts';
import { createRedactor, secretsIn } from '../../study/redact.ts';
import type { ResolvedModel } from '../model-access.ts';
import { type EnvironmentSource, findCredentials } from './credentials.ts';
import { PROVIDERS, type Provider, parseModelName } from './providers.ts';
import { proxyFor } from './proxy.ts';
import { type QuirkMemory, shortMemory } from './quirk-memory.ts';

export interface ModelRequest {
  /** `offline`, or `<provider>:<name>`. */
  readonly model: string;
  /** `--base-url`: where the provider’s protocol is spoken instead of at its own address. */
  readonly baseUrl?: string;
  /** Only if the user set one: reasoning models refuse the parameter. */
  readonly temperature?: number;
  /** For one answer, from request to its last byte. */
  readonly timeoutSeconds: number;
  /** Of the embedded model. */
  readonly seed: number;
  /** The environment first, then a `.env` of the working directory. */
  readonly sources: readonly EnvironmentSource[];
  /** Where a provider’s package is looked for first; left out: only beside our own installation. */
  readonly workingFolder?: string;
  /** How tools are offered; left out: as the model turns out to take them. */
  readonly toolForm?: ToolForm;
  /** What is known of the server; left out: nothing, and what is learned is forgotten with the model. */
  readonly memory?: QuirkMemory;
}

/** The model a user asked for. One that cannot work is an error (`model-unusable`), never another model instead. */
export async function resolveModel(request: ModelRequest): Promise<ResolvedModel> {
  const { model } = request;
  if (model === 'offline') return await offlineModel(request.seed);
  const parsed = parseModelName(model);
  if (parsed === undefined) throw unknownModel(model);
  return await connect(parsed.provider, parsed.name, request);
}

/** Throws `model-unusable` for a name that is neither `offline` nor a known provider’s. */
export function assertModelName(model: string): void {
  if (model !== 'offline' && parseModelName(model) === undefined) throw unknownModel(model);
}

async function offlineModel(seed: number): Promise<ResolvedModel> {
  const { OfflineChatModel } = await import('./offline-model.ts');
  return { chat: new OfflineChatModel({ seed }), name: 'offline', isOffline: true, endpoint: null, keySource: null };
}

async function connect(provider: Provider, name: string, request: ModelRequest): Promise<ResolvedModel> {
  const { sources, timeoutSeconds, temperature, workingFolder, toolForm = 'auto', memory = shortMemory() } = request;
  const credentials = findCredentials(provider, request.baseUrl, sources);
  const redact = createRedactor(secretsIn(sources.map(({ values }) => values)));
  // A proxy is the machine’s business: no file of a folder names one.
  const environment = sources[0]?.values;
  const way = { redact, timeoutSeconds, memory, environment };
  // A proxy that is no address would look like a broken connection, later and for as long as is retried.
  if (credentials.baseUrl !== undefined) proxyFor(new URL(credentials.baseUrl), environment ?? {});
  const client = { provider, name, credentials, temperature };
  const { AdaptedChatModel } = await import('./adapted-model.ts');
  const resolved = {
    name: `${provider.name}:${name}`,
    isOffline: false,
    endpoint: credentials.baseUrl ?? provider.title,
    keySource: credentials.keySource,
  };
  if (provider.package === undefined) {
    const { createModelFetch } = await import('./model-fetch.ts');
    const { createChatCompletions } = await import('./chat-completions.ts');
    const inner = await createChatCompletions({ ...client, timeoutSeconds, fetch: createModelFetch(way) });
    return { ...resolved, chat: new AdaptedChatModel({ inner, form: toolForm, memory }) };
  }
  const { createFromPackage } = await import('./provider-package.ts');
  const adaptation = await createFromPackage({ ...client, way }, provider.package, workingFolder);
  return { ...resolved, chat: new AdaptedChatModel({ ...adaptation, form: toolForm, memory }) };
}

function unknownModel(model: string): AgentHpoError {
  const [, prefix = '', name = ''] = /^(?:([^:]*):)?(.*)$/.exec(model) ?? [];
  const names = PROVIDERS.map((each) => each.name);
  const meant = names.includes(prefix) ? prefix : (nearestTo(prefix, names) ?? 'openai');
  const why = name === '' || names.includes(prefix) ? 'names no model' : 'names no provider that is known';
  return new AgentHpoError({
    code: 'model-unusable',
    message: `--model "${model}" ${why}. Providers: ${names.join(', ')}.`,
    hint: `Write --model ${meant}:${name || 'MODEL'}, or --model offline (free, no network).`,
  });
}
