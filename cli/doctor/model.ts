import type { ResolvedModel } from '../../agents/model-access.ts';
import type { Settings } from '../../configs/schema.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { isCreatorStrategy } from '../../study/strategy.ts';
import { baseUrlFor, chooseModel, keySources } from '../model-choice.ts';
import type { RoleModels } from '../role-models.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

/** What its finding is called where one model plays every part. */
const MAIN = 'Model';

/** Nobody waits longer for a doctor; a study waits for `request_timeout`. */
const PATIENCE_SECONDS = 30;

/** One request to each model that a study would use, unless `mayAsk` is false. It costs money where the models do. */
export function modelChecks(input: DoctorInput, mayAsk: boolean): Check[] {
  try {
    const { model, models } = chooseModel(input.settings, keySources(input.context));
    if (model === null || models === null) return [{ name: MAIN, look: () => noModel(input.settings) }];
    const parts = partsOf(model, models, input.settings);
    return parts.map((part) => ({ name: part.name, look: (signal) => look(part, { input, models, mayAsk, signal }) }));
  } catch (error) {
    if (!(error instanceof AgentHpoError)) throw error;
    return [{ name: MAIN, look: () => Promise.reject(error) }];
  }
}

function noModel({ strategy }: Settings): Finding {
  return { status: 'skipped', finding: `none: the ${strategy} sampler proposes` };
}

/** Each model once, under the first part that it plays. */
function partsOf(main: string, { executor, report }: RoleModels, { strategy, fallback_models: fallbacks }: Settings) {
  const others = [
    { name: 'Executor’s model', model: executor, flag: '--executor-model' },
    { name: 'Report’s model', model: report, flag: '--report-model' },
  ];
  const parts = [
    { name: MAIN, model: main, flag: '--model' },
    ...(isCreatorStrategy(strategy) ? others : []),
    ...fallbacks.map((model) => ({ name: 'Fallback model', model, flag: '--fallback-model' })),
  ];
  return parts.filter(({ model }, index) => parts.findIndex((part) => part.model === model) === index);
}

type Part = ReturnType<typeof partsOf>[number];

interface Look {
  readonly input: DoctorInput;
  readonly models: RoleModels;
  readonly mayAsk: boolean;
  readonly signal: AbortSignal;
}

async function look(
  { model, flag }: Part,
  { input: { context, settings }, models, mayAsk, signal }: Look,
): Promise<Finding> {
  if (model === 'offline')
    return { status: 'ok', finding: 'offline: embedded, free, no language model; nothing was sent' };
  const timeoutSeconds = Math.min(PATIENCE_SECONDS, settings.request_timeout);
  const { shortMemory } = await import('../../agents/models/quirk-memory.ts');
  const { resolveModel } = await import('../../agents/models/resolve-model.ts');
  const resolved = await resolveModel({
    model,
    baseUrl: baseUrlFor(model, models, settings.base_url),
    sources: keySources(context),
    workingFolder: context.workingFolder,
    toolForm: settings.tool_form,
    memory: shortMemory(settings.quirks[model]),
    timeoutSeconds,
    seed: 0,
  });
  if (mayAsk) return await ask(resolved, { flag, timeoutSeconds, signal });
  return { status: 'skipped', finding: `${model} at ${resolved.endpoint}: not asked` };
}

interface Question {
  /** That chooses another model for the same part. */
  readonly flag: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

async function ask(model: ResolvedModel, { flag, timeoutSeconds, signal }: Question): Promise<Finding> {
  const { roundTrip } = await import('../../agents/round-trip.ts');
  try {
    const answer = await roundTrip(model, timeoutSeconds, signal);
    const { promptTokens, completionTokens, seconds, calledTool } = answer;
    const tokens = `one request, ${promptTokens ?? '?'} + ${completionTokens ?? '?'} tokens`;
    const finding = `${model.name} at ${model.endpoint} answers in ${seconds.toFixed(1)} s (${tokens})`;
    if (calledTool) return { status: 'ok', finding: `${finding} and calls tools` };
    return {
      status: 'warning',
      finding: `${finding}, but did not call the tool that it was asked to call`,
      mend: `Both agents work through tools: choose a model that can call them, with ${flag}.`,
    };
  } catch (error) {
    if (!(error instanceof AgentHpoError)) throw error;
    const mend = error.code === 'model-unusable' ? error.hint : await mendOf(error, model);
    return { status: 'problem', finding: error.message, mend };
  }
}

/** What a study would be told ends in "resume the study"; here there is none yet. */
async function mendOf(error: AgentHpoError, { endpoint }: ResolvedModel): Promise<string> {
  const { toModelFault } = await import('../../agents/model-fault.ts');
  const fault = toModelFault(error.cause);
  const free = '--model offline needs no server.';
  if (fault?.status === 429) return `Check the account’s limits and credit, or wait a little. ${free}`;
  if (fault?.status !== undefined && fault.status < 500) return error.hint;
  if (fault?.status !== undefined) return `The server at ${endpoint} has a fault of its own: try again later. ${free}`;
  return `Check that a server answers at ${endpoint}: start it, correct --base-url, or look at the network. ${free}`;
}
