import type { Logger } from 'pino';
import { DEFAULT_CALL_LIMITS, type ModelAccess, type ModelRole, type ResolvedModel } from '../agents/model-access.ts';
import type { QuirkMemory } from '../agents/models/quirk-memory.ts';
import { findPrice, type PriceList } from '../configs/prices.ts';
import type { Journal } from '../study/journal.ts';
import type { Context } from './context.ts';
import { baseUrlFor, keySources } from './model-choice.ts';
import { type RoleModels, roleModelsOf } from './role-models.ts';
import { modelGuards } from './study-parts.ts';
import type { StudyRecord } from './study-record.ts';

export interface ConnectRequest {
  readonly record: StudyRecord;
  readonly journal: Journal;
  readonly context: Context;
  readonly prices: PriceList;
  readonly log: Logger;
  /** Tells the user of what holds the study up. */
  readonly say: (line: string) => void;
}

/** How each role of a study reaches its model; undefined when no model takes part. */
export function connectModels(request: ConnectRequest): ((role: ModelRole) => Promise<ModelAccess>) | undefined {
  const { record, journal, prices, log, say } = request;
  const models = roleModelsOf(record);
  if (models === undefined) return undefined;
  const givenUp = new Set<string>();
  return async (role) => {
    const { withFallbacks } = await import('../agents/models/fallback-model.ts');
    const [first, ...others] = [models[role], ...record.fallback_models.filter((each) => each !== models[role])];
    const connect = (model: string) => connectOne({ ...request, model, role, models });
    const model = withFallbacks(await connect(first), await Promise.all(others.map(connect)), givenUp);
    const { request_timeout_seconds: timeoutSeconds, retry_seconds: retrySeconds } = record;
    const limits = { ...DEFAULT_CALL_LIMITS, timeoutSeconds, retrySeconds };
    const transcript: ModelAccess['transcript'] = (entry) => log.info(entry, entry.kind);
    return { model, limits, say, ...modelGuards(journal, transcript, () => findPrice(model, prices)) };
  };
}

interface OneModel extends ConnectRequest {
  readonly model: string;
  readonly role: ModelRole;
  readonly models: RoleModels;
}

async function connectOne(request: OneModel): Promise<ResolvedModel> {
  const { record, context, model, models, role } = request;
  const { resolveModel } = await import('../agents/models/resolve-model.ts');
  const temperature = role === 'executor' ? record.temperature.executor : record.temperature.creator;
  return await resolveModel({
    model,
    baseUrl: baseUrlFor(model, models, record.base_url),
    temperature: temperature ?? undefined,
    timeoutSeconds: record.request_timeout_seconds,
    seed: record.seed,
    sources: keySources(context),
    workingFolder: context.workingFolder,
    toolForm: record.tool_form,
    memory: studyMemory(model, request),
  });
}

/** What the user set of a model’s server, and what the study’s log says; what is learned goes there. */
function studyMemory(model: string, { record, journal, log }: ConnectRequest): QuirkMemory {
  const set = record.quirks[model] ?? [];
  return {
    known: () => new Set([...set, ...journal.history.quirksOf(model)]),
    learned: ({ quirk, message }) => {
      journal.record({ event: 'model-learned', model, quirk, message });
      log.info({ model, quirk, message }, 'learned what the model’s server refuses');
    },
  };
}
