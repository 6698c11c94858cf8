import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type EnvironmentSource, hasKey } from '../agents/models/credentials.ts';
import { OPENAI } from '../agents/models/providers.ts';
import type { Settings } from '../configs/schema.ts';
import type { Context } from './context.ts';

/** Where a key may come from: the environment, then a `.env` of the working directory (never of a task folder). */
export function keySources({ workingFolder, environment }: Context): EnvironmentSource[] {
  const file = join(workingFolder, '.env');
  const fromFile = existsSync(file) ? [{ name: file, values: parseEnv(readFileSync(file, 'utf8')) }] : [];
  return [{ name: 'the environment', values: environment }, ...fromFile];
}

export interface ModelChoice {
  /** `openai:<name>` or `offline`; null when no model takes part. */
  readonly model: string | null;
  /** Said before the study begins, so that nobody pays, or believes in a language model, unawares. */
  readonly notice: string;
}

/** The model a study uses. `auto` is OpenAI when a key is there, else offline; a named model is never replaced by another. */
export function chooseModel(settings: Settings, sources: readonly EnvironmentSource[]): ModelChoice {
  if (settings.strategy !== 'creator' && settings.executor === 'direct')
    return { model: null, notice: `No model takes part: the ${settings.strategy} sampler proposes.` };
  if (settings.model !== 'auto') return { model: settings.model, notice: noticeOf(settings.model, settings) };
  const isKeyed = hasKey(OPENAI, sources) || settings.base_url !== null;
  if (isKeyed) {
    const model = `openai:${settings.openai_model}`;
    return { model, notice: noticeOf(model, settings) };
  }
  return {
    model: 'offline',
    notice: `${noticeOf('offline', settings)} Set OPENAI_API_KEY or --model for a language model.`,
  };
}

function noticeOf(model: string, { base_url: baseUrl, strategy }: Settings): string {
  const proposer = strategy === 'creator' ? '' : `The ${strategy} sampler proposes; the model only runs the trials. `;
  if (model === 'offline') {
    const part = strategy === 'creator' ? 'an embedded optimiser that plays both agents' : 'embedded';
    return `${proposer}Model: offline, ${part}. Free, no network, no language model.`;
  }
  if (baseUrl !== null) return `${proposer}Model: ${model} at ${baseUrl}.`;
  return `${proposer}Model: ${model}: costs money; --model offline is free.`;
}

/** The server that a base URL names, the user’s own word first; null: the provider’s own. */
export function endpointOf({ base_url: named }: Settings, sources: readonly EnvironmentSource[]): string | null {
  return named ?? sources.map(({ values }) => values['OPENAI_BASE_URL']).find((url) => url !== undefined) ?? null;
}

/** Throws `model-unusable` now, rather than after an environment was built for nothing. */
export async function assertModelUsable(model: string, settings: Settings, context: Context): Promise<void> {
  // Always usable; its code loads later, while Python is being looked for.
  if (model === 'offline') return;
  const { resolveModel } = await import('../agents/models/resolve-model.ts');
  const { base_url: baseUrl, request_timeout: timeoutSeconds } = settings;
  await resolveModel({ model, baseUrl: baseUrl ?? undefined, timeoutSeconds, seed: 0, sources: keySources(context) });
}
