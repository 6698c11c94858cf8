import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AgentHpoError } from '../../study/errors.ts';
import type { Credentials } from './credentials.ts';
import type { Provider } from './providers.ts';

export interface ClientRequest {
  readonly provider: Provider;
  /** The model, or on Azure the deployment. */
  readonly name: string;
  readonly credentials: Credentials;
  readonly temperature?: number | undefined;
  readonly timeoutSeconds: number;
  readonly fetch: typeof fetch;
}

/** A client of OpenAI’s chat completions, at whichever server: explicit in everything that the library would read from the environment. */
export async function createChatCompletions(request: ClientRequest): Promise<BaseChatModel> {
  const { provider, name, credentials, temperature, timeoutSeconds } = request;
  const { ChatOpenAI } = await import('@langchain/openai');
  const isOpenAi = provider.name === 'openai';
  return new ChatOpenAI({
    model: name,
    apiKey: credentials.apiKey,
    useResponsesApi: false, // most compatible servers lack it
    streaming: false, // streaming downloads a tokenizer after the answer
    maxRetries: 0, // call-model.ts repeats, with a bound and a log
    timeout: timeoutSeconds * 1000,
    configuration: {
      logLevel: 'off', // at `debug` the library prints every header, the key among them
      ...(provider.kind === 'azure' ? azureAddress(name, credentials) : { baseURL: credentials.baseUrl }),
      ...(!isOpenAi && { organization: null, project: null }), // the user’s own at OpenAI are nobody else’s business
      fetch: request.fetch,
    },
    ...(temperature !== undefined && { temperature }),
  });
}

/** Azure’s two addresses: one per deployment with a dated version, or the newer one without. */
function azureAddress(deployment: string, { baseUrl, apiKey, values }: Credentials) {
  if (baseUrl === undefined)
    throw new AgentHpoError({
      code: 'model-unusable',
      message: 'No Azure OpenAI endpoint was found.',
      hint: 'Set AZURE_OPENAI_ENDPOINT beside AZURE_OPENAI_API_KEY, such as https://my-resource.openai.azure.com',
    });
  const version = values['AZURE_OPENAI_API_VERSION']?.trim() || values['OPENAI_API_VERSION']?.trim();
  const root = baseUrl.replace(/\/openai(\/v1)?$/, '');
  const defaultHeaders = { 'api-key': apiKey };
  if (!version) return { baseURL: `${root}/openai/v1`, defaultHeaders };
  return {
    baseURL: `${root}/openai/deployments/${encodeURIComponent(deployment)}`,
    defaultQuery: { 'api-version': version },
    defaultHeaders,
  };
}
