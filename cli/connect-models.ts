import type { Logger } from 'pino';
import { DEFAULT_CALL_LIMITS, type ModelAccess, type ModelRole } from '../agents/model-access.ts';
import type { QuirkMemory } from '../agents/models/quirk-memory.ts';
import { findPrice, type PriceList } from '../configs/prices.ts';
import type { Journal } from '../study/journal.ts';
import type { Context } from './context.ts';
import { keySources } from './model-choice.ts';
import { roleModelsOf } from './role-models.ts';
import { modelGuards } from './study-parts.ts';
import type { StudyRecord } from './study-record.ts';

export interface ConnectRequest {
  readonly record: StudyRecord;
  readonly journal: Journal;
  readonly context: Context;
  readonly prices: PriceList;
  readonly log: Logger;
}

/** How each role of a study reaches its model; undefined when no model takes part. */
export function connectModels(request: ConnectRequest): ((role: ModelRole) => Promise<ModelAccess>) | undefined {
  const { record, journal, context, prices, log } = request;
  const models = roleModelsOf(record);
  if (models === undefined) return undefined;
  return async (role) => {
    const { resolveModel } = await import('../agents/models/resolve-model.ts');
    const timeoutSeconds = record.request_timeout_seconds;
    const model = models[role];
    const temperature = role === 'executor' ? record.temperature.executor : record.temperature.creator;
    const resolved = await resolveModel({
      model,
      baseUrl: record.base_url ?? undefined,
      temperature: temperature ?? undefined,
      timeoutSeconds,
      seed: record.seed,
      sources: keySources(context),
      workingFolder: context.workingFolder,
      toolForm: record.tool_form,
      memory: studyMemory(model, request),
    });
    const limits = { ...DEFAULT_CALL_LIMITS, timeoutSeconds };
    const transcript: ModelAccess['transcript'] = (entry) => log.info(entry, entry.kind);
    return { model: resolved, limits, ...modelGuards(journal, transcript, findPrice(resolved, prices)) };
  };
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
