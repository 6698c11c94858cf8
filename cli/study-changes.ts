import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { StudyChanges } from '../study/events.ts';
import { textOption } from './options.ts';
import { ONE_FOR_ALL, providerOf, roleModels } from './role-models.ts';
import type { StudyRecord } from './study-record.ts';

/** The record as it holds after what the log says was changed since. study.yaml itself stays as the study began. */
export function withChanges(record: StudyRecord, changes: StudyChanges): StudyRecord {
  const { model, models, baseUrl, fallbackModels, toolForm, approve } = changes;
  return {
    ...record,
    ...(model !== undefined && { model }),
    ...(models !== undefined && { models }),
    ...(baseUrl !== undefined && { base_url: baseUrl, own_base_url: true }),
    ...(fallbackModels !== undefined && { fallback_models: fallbackModels }),
    ...(toolForm !== undefined && { tool_form: toolForm }),
    ...(approve !== undefined && { approve }),
  };
}

const MODEL_OPTIONS = ['model', 'creatorModel', 'executorModel', 'reportModel', 'baseUrl', 'fallbackModel', 'toolForm'];

/**
 * What the flags of `resume` change, out of all settings that they were read into. A model for all takes the place of those
 * of the roles, and a base URL stays no longer than its provider: a key must not go to the server of another.
 * Throws `usage` for models in a study where none takes part.
 */
export function changesOf(options: Record<string, unknown>, settings: Settings, record: StudyRecord): StudyChanges {
  const approve = options['approve'] === undefined ? {} : { approve: options['approve'] === true };
  const isGiven = MODEL_OPTIONS.filter((name) => options[name] !== undefined);
  if (isGiven.length === 0) return approve;
  if (record.model === null) throw noModel(record);
  return { ...approve, ...modelChanges(options, settings, record) };
}

function modelChanges(options: Record<string, unknown>, settings: Settings, record: StudyRecord): StudyChanges {
  const model = textOption(options['model']);
  const named = {
    creator: textOption(options['creatorModel']),
    executor: textOption(options['executorModel']),
    report: textOption(options['reportModel']),
  };
  const kept = model === undefined ? record.models : ONE_FOR_ALL;
  const models = {
    creator: named.creator ?? kept.creator,
    executor: named.executor ?? kept.executor,
    report: named.report ?? kept.report,
  };
  const before = record.model ?? 'offline';
  // `auto` becomes OpenAI’s where it is no embedded one.
  const asked = model === 'auto' ? `openai:${settings.openai_model}` : model;
  const provider = providerOf(roleModels(asked ?? before, models));
  const isElsewhere = provider !== undefined && provider !== providerOf(roleModels(before, record.models));
  return {
    ...(model !== undefined && { model: settings.model }),
    ...((model !== undefined || Object.values(named).some(Boolean)) && { models }),
    ...(isElsewhere && record.base_url !== null && { baseUrl: null }),
    ...(options['baseUrl'] !== undefined && { baseUrl: settings.base_url }),
    ...(options['fallbackModel'] !== undefined && { fallbackModels: settings.fallback_models }),
    ...(options['toolForm'] !== undefined && { toolForm: settings.tool_form }),
  };
}

/** Whether other models are asked, or asked elsewhere. */
export function changesModels({ approve: _, ...models }: StudyChanges): boolean {
  return Object.keys(models).length > 0;
}

/** The settings that decide which models a study asks, as its record has them. */
export function modelSettingsOf(record: StudyRecord) {
  const { strategy, executor, model, models, base_url, fallback_models, tool_form, quirks, ablations } = record;
  const asked = { models, base_url, fallback_models, tool_form, quirks };
  return { strategy, executor, model: model ?? 'offline', ...asked, ...ablations };
}

function noModel({ strategy }: StudyRecord): AgentHpoError {
  return new AgentHpoError({
    code: 'usage',
    message: `No model takes part in this study: the ${strategy} sampler proposes.`,
    hint: 'Leave the model’s flags out, or begin a new study with: agenthpo tune',
  });
}
