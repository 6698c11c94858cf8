import { AgentHpoError } from '../../study/errors.ts';
import { createRedactor, secretsIn } from '../../study/redact.ts';
import type { ResolvedModel } from '../model-access.ts';
import { type EnvironmentSource, findCredentials } from './credentials.ts';
import { createModelFetch } from './model-fetch.ts';

export interface ModelRequest {
  /** `offline`, or `openai:<name>`. */
  readonly model: string;
  /** `--base-url`: any server that speaks OpenAI’s chat completions. */
  readonly baseUrl?: string;
  /** Only if the user set one: reasoning models refuse the parameter. */
  readonly temperature?: number;
  /** For one answer, from request to its last byte. */
  readonly timeoutSeconds: number;
  /** Of the embedded model. */
  readonly seed: number;
  /** The environment first, then a `.env` of the working directory. */
  readonly sources: readonly EnvironmentSource[];
}

/** The model a user asked for. One that cannot work is an error (`model-unusable`), never another model instead. */
export async function resolveModel(request: ModelRequest): Promise<ResolvedModel> {
  const { model } = request;
  if (model === 'offline') return await offlineModel(request.seed);
  const [, name] = /^openai:(.+)$/.exec(model) ?? [];
  if (name !== undefined) return await openAiModel(name, request);
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `"${model}" names no model that can be used.`,
    hint: `Write --model offline, or --model openai:${model.replace(/^.*:/, '') || '<name>'} (with --base-url for another server that speaks OpenAI’s protocol).`,
  });
}

async function offlineModel(seed: number): Promise<ResolvedModel> {
  const { OfflineChatModel } = await import('./offline-model.ts');
  return { chat: new OfflineChatModel({ seed }), name: 'offline', isOffline: true, endpoint: null, keySource: null };
}

async function openAiModel(name: string, request: ModelRequest): Promise<ResolvedModel> {
  const { baseUrl, apiKey, keySource } = findCredentials(request.baseUrl, request.sources);
  const { ChatOpenAI } = await import('@langchain/openai');
  const redact = createRedactor(secretsIn(request.sources.map(({ values }) => values)));
  const { timeoutSeconds } = request;
  const chat = new ChatOpenAI({
    model: name,
    apiKey,
    useResponsesApi: false, // most compatible servers lack it
    streaming: false, // streaming downloads a tokenizer after the answer
    maxRetries: 0, // call-model.ts repeats, with a bound and a log
    timeout: timeoutSeconds * 1000,
    configuration: { baseURL: baseUrl, fetch: createModelFetch({ redact, timeoutSeconds }) },
    ...(request.temperature !== undefined && { temperature: request.temperature }),
  });
  return { chat, name: `openai:${name}`, isOffline: false, endpoint: baseUrl, keySource };
}
