import { Readable } from 'node:stream';
import { AgentHpoError } from '../../study/errors.ts';
import type { Credentials } from './credentials.ts';
import { createModelFetch, createTransport, type ModelFetchOptions } from './model-fetch.ts';
import { createProviderFetch } from './provider-call.ts';

/** What Amazon’s client knows as a request, as far as it matters here. */
interface AwsRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Record<string, string>;
  body?: string | Uint8Array;
}

type Step = (args: { readonly request: AwsRequest }) => Promise<unknown>;

/** Amazon’s client, as far as it matters here. */
export interface AwsClient {
  readonly middlewareStack: {
    readonly add: (middleware: (next: Step) => Step, options: Readonly<Record<string, string>>) => void;
  };
}

export function isAwsClient(value: unknown): value is AwsClient {
  const { middlewareStack }: { middlewareStack?: unknown } = Object(value);
  return typeof Object(middlewareStack).add === 'function';
}

/** The constructor’s arguments: who signs, and the way its requests take. Throws `model-unusable` without a region. */
export function bedrockFields({ baseUrl, values }: Credentials, options: ModelFetchOptions) {
  const region = values['AWS_REGION'] ?? values['AWS_DEFAULT_REGION'];
  if (!region)
    throw new AgentHpoError({
      code: 'model-unusable',
      message: 'No AWS region was found for Amazon Bedrock.',
      hint: 'Set AWS_REGION, such as us-east-1, beside the credentials of your AWS account.',
    });
  const [accessKeyId, secretAccessKey] = [values['AWS_ACCESS_KEY_ID'], values['AWS_SECRET_ACCESS_KEY']];
  const [sessionToken, bedrockBearerToken] = [values['AWS_SESSION_TOKEN'], values['AWS_BEARER_TOKEN_BEDROCK']];
  return {
    region,
    ...(baseUrl !== undefined && { endpointHost: new URL(baseUrl).host }),
    clientOptions: { maxAttempts: 1, requestHandler: requestHandler(baseUrl, options) },
    ...(bedrockBearerToken && { bedrockBearerToken }),
    ...(accessKeyId &&
      secretAccessKey && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
      }),
  };
}

/** Sends what is signed, over our own connection; the client names only hosts, so that the base URL says how they are reached. */
function requestHandler(baseUrl: string | undefined, options: ModelFetchOptions) {
  const fetch = createProviderFetch(createTransport(options));
  return {
    handle: async (request: AwsRequest, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
      const { method, headers, body } = request;
      const response = await fetch(urlOf(request, baseUrl), {
        method,
        headers: withoutHost(headers),
        ...(body !== undefined && { body: textOf(body) }),
        ...(abortSignal && { signal: abortSignal }),
      });
      const reply = Readable.from([Buffer.from(await response.arrayBuffer())]);
      return {
        response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: reply },
      };
    },
  };
}

/**
 * Has every request redacted, limited and put as the server takes it before it is signed: a signature covers the body. A
 * refusal that teaches something is answered with a request that is signed anew.
 */
export function prepareBeforeSigning({ middlewareStack }: AwsClient, options: ModelFetchOptions): void {
  const prepare =
    (next: Step): Step =>
    async (args) => {
      const { request } = args;
      let outcome: { readonly output: unknown } | { readonly error: unknown } | undefined;
      const transport: typeof fetch = async (_, init) => {
        request.body = String(init?.body);
        delete request.headers['content-length']; // counted again for each body
        try {
          outcome = { output: await next(args) };
          return new Response();
        } catch (error) {
          outcome = { error };
          return refusalOf(error);
        }
      };
      await createModelFetch(options, transport)(urlOf(request, undefined), {
        method: 'POST',
        body: textOf(request.body),
      });
      if (outcome === undefined || 'error' in outcome) throw outcome?.error;
      return outcome.output;
    };
  middlewareStack.add(prepare, { step: 'build', priority: 'high', name: 'agenthpo' });
}

/** A refusal of the server as other providers’ look; throws an error that has none behind it. */
function refusalOf(error: unknown): Response {
  const { $metadata, message } = Object(error) as { $metadata?: { httpStatusCode?: unknown }; message?: unknown }; // any error
  const status = $metadata?.httpStatusCode;
  if (typeof status !== 'number' || status < 400) throw error;
  return new Response(JSON.stringify({ message }), { status });
}

function urlOf({ protocol, hostname, port, path, query = {} }: AwsRequest, baseUrl: string | undefined): string {
  const server = baseUrl ?? `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
  const url = new URL(`${server}${path}`);
  for (const [name, value] of Object.entries(query))
    for (const each of [value ?? ''].flat()) url.searchParams.append(name, each);
  return url.href;
}

/** The connection names the host itself. */
function withoutHost(headers: AwsRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'));
}

function textOf(body: AwsRequest['body'] = ''): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}
