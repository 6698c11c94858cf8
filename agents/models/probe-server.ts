import { AgentHpoError } from '../../study/errors.ts';
import { createRedactor, secretsIn } from '../../study/redact.ts';
import { type ModelFault, toModelError, toModelFault } from '../model-fault.ts';
import { type EnvironmentSource, findCredentials } from './credentials.ts';
import { readRefusal } from './learn-quirk.ts';
import { createTransport } from './model-fetch.ts';
import { type Provider, parseModelName } from './providers.ts';

/** The longest that anyone waits for a server’s list of models, in seconds. */
const PATIENCE_SECONDS = 3;

/** A key may be good for asking models and not for listing them. */
const LISTING_ONLY = /scope|permission/i;

export interface ProbedModel {
  /** `<provider>:<name>`. */
  readonly model: string;
  readonly baseUrl: string | undefined;
  readonly sources: readonly EnvironmentSource[];
}

/** Why a request to a model is bound to fail. */
export interface CertainFailure {
  readonly error: AgentHpoError;
  /** Whether a fallback model would take over. */
  readonly mayFallBack: boolean;
}

/**
 * Asks a model’s server for its list of models, which costs no token. Answers why a request to it is bound to fail:
 * nobody is there, or the key is refused. Whatever else comes of it, nothing within three seconds included, is
 * no certainty: undefined, as for providers that speak another protocol.
 */
export async function probeServer({ model, baseUrl, sources }: ProbedModel): Promise<CertainFailure | undefined> {
  const parsed = parseModelName(model);
  if (parsed?.provider.kind !== 'chat-completions') return undefined;
  const { baseUrl: endpoint = null, apiKey, keySource } = findCredentials(parsed.provider, baseUrl, sources);
  const redact = createRedactor(secretsIn(sources.map(({ values }) => values)));
  const fetch = createTransport({ redact, timeoutSeconds: PATIENCE_SECONDS, environment: sources[0]?.values });
  try {
    const reply = await fetch(`${endpoint}/models`, { headers: { authorization: `Bearer ${apiKey}` } });
    const { message } = readRefusal(await reply.text());
    if (reply.status !== 401 || LISTING_ONLY.test(message)) return undefined;
    const answer = Object.assign(new Error(message), { status: 401 });
    return failure(answer, (fault) => toModelError(fault, { name: model, endpoint, keySource }, answer));
  } catch (error) {
    return failure(error, (fault) => {
      if (fault.isInsecure) return toModelError(fault, { name: model, endpoint, keySource }, error);
      return unreachable(fault, `${model} at ${endpoint}`, parsed.provider, error);
    });
  }
}

function failure(error: unknown, toError: (fault: ModelFault) => AgentHpoError): CertainFailure | undefined {
  const fault = toModelFault(error);
  if (fault === undefined || fault.fate === 'unknown') return undefined;
  return { error: toError(fault), mayFallBack: fault.mayFallBack };
}

function unreachable({ what }: ModelFault, server: string, provider: Provider, cause: unknown): AgentHpoError {
  const start = provider.isLocal ? `Start ${provider.title} on this machine` : 'Check the network and the address';
  return new AgentHpoError({
    code: 'model-unreachable',
    message: `${server} cannot be reached: ${what}. Nothing was begun.`,
    hint: `${start}, or name another server with --base-url; --model offline needs none.`,
    cause,
  });
}
