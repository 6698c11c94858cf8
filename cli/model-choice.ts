import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { assertNoSecretIn, type EnvironmentSource, hasKey } from '../agents/models/credentials.ts';
import { OPENAI, parseModelName } from '../agents/models/providers.ts';
import { assertModelName } from '../agents/models/resolve-model.ts';
import type { PricedModel } from '../configs/prices.ts';
import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import type { Context } from './context.ts';
import { distinctModels, providerOf, type RoleModels, roleModels } from './role-models.ts';

/** Where a key may come from: the environment, then a `.env` of the working directory (never of a task folder). */
export function keySources({ workingFolder, environment }: Context): EnvironmentSource[] {
  const file = join(workingFolder, '.env');
  const fromFile = existsSync(file) ? [{ name: file, values: parseEnv(readFileSync(file, 'utf8')) }] : [];
  return [{ name: 'the environment', values: environment }, ...fromFile];
}

export interface ModelChoice {
  /** Of the agent that matters most: the Creator, or the Executor where a sampler proposes; null when none takes part. */
  readonly model: string | null;
  readonly models: RoleModels | null;
  /** Said before the study begins, so that nobody pays, or believes in a language model, unawares. */
  readonly notice: string;
}

/** The models a study uses. `auto` is OpenAI when a key is there, else offline; a named model is never replaced by another. */
export function chooseModel(settings: Settings, sources: readonly EnvironmentSource[]): ModelChoice {
  const { strategy, executor } = settings;
  if (settings.base_url !== null) assertNoSecretIn(settings.base_url);
  if (!isCreatorStrategy(strategy) && executor === 'direct')
    return { model: null, models: null, notice: `No model takes part: the ${strategy} sampler proposes.` };
  const general = settings.model === 'auto' ? automaticModel(settings, sources) : settings.model;
  const models = roleModels(general, settings.models);
  for (const each of distinctModels(models, settings.fallback_models)) assertModelName(each);
  assertOneBaseUrl(settings, models);
  const model = isCreatorStrategy(strategy) ? models.creator : models.executor;
  const others = isCreatorStrategy(strategy) ? distinctModels(models).filter((each) => each !== model) : [];
  const notice = others.length === 0 ? noticeOf(model, settings) : noticeOfRoles(models);
  const isUnasked = settings.model === 'auto' && model === 'offline';
  return {
    model,
    models,
    notice: isUnasked ? `${notice} Set OPENAI_API_KEY or --model for a language model.` : notice,
  };
}

function automaticModel(settings: Settings, sources: readonly EnvironmentSource[]): string {
  const isKeyed = hasKey(OPENAI, sources) || settings.base_url !== null;
  return isKeyed ? `openai:${settings.openai_model}` : 'offline';
}

/** A base URL belongs to one provider: another’s key must not go there. */
function assertOneBaseUrl({ base_url: baseUrl }: Settings, models: RoleModels): void {
  const providers = distinctModels(models).flatMap((each) => parseModelName(each)?.provider ?? []);
  const [first, second] = [...new Set(providers)];
  if (baseUrl === null || first === undefined || second === undefined) return;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: `The base URL ${baseUrl} is one server, and the models are of two providers: ${first.title} and ${second.title}.`,
    hint: `Leave --base-url out, and set ${first.baseUrlVariable} or ${second.baseUrlVariable} for the one that needs it.`,
  });
}

function noticeOf(model: string, { base_url: baseUrl, strategy }: Settings): string {
  const proposer = isCreatorStrategy(strategy)
    ? ''
    : `The ${strategy} sampler proposes; the model only runs the trials. `;
  if (model === 'offline') {
    const part = isCreatorStrategy(strategy) ? 'an embedded optimiser that plays both agents' : 'embedded';
    return `${proposer}Model: offline, ${part}. Free, no network, no language model.`;
  }
  const provider = parseModelName(model)?.provider;
  const server = baseUrl ?? (provider?.isLocal === true ? provider.baseUrl : undefined);
  if (server !== undefined) return `${proposer}Model: ${model} at ${server}.`;
  return `${proposer}Model: ${model}: costs money; --model offline is free.`;
}

function noticeOfRoles({ creator, executor, report }: RoleModels): string {
  return `Models: ${creator} proposes, ${executor} runs the trials, ${report} writes the analysis.`;
}

/** The models that take part, with the servers that their prompts go to, the user’s own word first; null: the provider’s own. */
export function pricedModels(
  models: RoleModels | null,
  { base_url: named, fallback_models: fallbacks }: Pick<Settings, 'base_url' | 'fallback_models'>,
  sources: readonly EnvironmentSource[],
): PricedModel[] {
  if (models === null) return [];
  return distinctModels(models, fallbacks).map((name) => {
    const variable = parseModelName(name)?.provider.baseUrlVariable ?? OPENAI.baseUrlVariable;
    const set = sources.map(({ values }) => values[variable]).find((url) => url !== undefined && url.trim() !== '');
    const endpoint = baseUrlFor(name, models, named) ?? set ?? null;
    return { name, endpoint: name === 'offline' ? null : endpoint };
  });
}

/** The server that the user named, for a model of the roles’ provider; a fallback of another goes to its own. */
export function baseUrlFor(model: string, models: RoleModels, baseUrl: string | null): string | undefined {
  return parseModelName(model)?.provider === providerOf(models) ? (baseUrl ?? undefined) : undefined;
}

/** Throws `model-unusable` now, rather than after an environment was built for nothing. */
export async function assertModelsUsable(models: RoleModels, settings: Settings, context: Context): Promise<void> {
  // Offline is always usable; its code loads later, while Python is being looked for.
  const named = distinctModels(models, settings.fallback_models).filter((each) => each !== 'offline');
  if (named.length === 0) return;
  const { resolveModel } = await import('../agents/models/resolve-model.ts');
  const { base_url: baseUrl, request_timeout: timeoutSeconds } = settings;
  const { workingFolder } = context;
  const request = {
    timeoutSeconds,
    seed: 0,
    sources: keySources(context),
    workingFolder,
  };
  for (const model of named) await resolveModel({ ...request, model, baseUrl: baseUrlFor(model, models, baseUrl) });
}

/**
 * Throws `model-unreachable` or `model-unusable` before anything is begun where the first request to a model is certain
 * to fail, and no fallback model would take over. Costs no token, and three seconds at most.
 */
export async function assertModelsAnswer(
  models: RoleModels,
  settings: Settings,
  sources: readonly EnvironmentSource[],
): Promise<void> {
  const asked = askedModels(models, settings).filter((each) => each !== 'offline');
  if (asked.length === 0) return;
  const { probeServer } = await import('../agents/models/probe-server.ts');
  const probe = async (model: string) =>
    model === 'offline'
      ? undefined
      : await probeServer({ model, baseUrl: baseUrlFor(model, models, settings.base_url), sources });
  const [failures, fallbacks] = await Promise.all([
    Promise.all(asked.map(probe)),
    Promise.all(settings.fallback_models.map(probe)),
  ]);
  const isCovered = fallbacks.some((failure) => failure === undefined);
  const fatal = failures.find((failure) => failure !== undefined && !(failure.mayFallBack && isCovered));
  if (fatal !== undefined) throw fatal.error;
}

/** The models that are asked from the start: the Creator’s and its analysis’ only where it proposes. */
function askedModels({ creator, executor, report }: RoleModels, { strategy }: Settings): string[] {
  return [...new Set(isCreatorStrategy(strategy) ? [creator, executor, report] : [executor])];
}
