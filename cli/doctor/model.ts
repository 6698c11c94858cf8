import type { ResolvedModel } from '../../agents/model-access.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { chooseModel, keySources } from '../model-choice.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

/** Nobody waits longer for a doctor; a study waits for `request_timeout`. */
const PATIENCE_SECONDS = 30;

/** One request to the model that a study would use, unless `mayAsk` is false. It costs money where the model does. */
export function modelCheck({ context, settings }: DoctorInput, mayAsk: boolean): Check {
  return {
    name: 'Model',
    look: async (signal): Promise<Finding> => {
      const sources = keySources(context);
      const { model } = chooseModel(settings, sources);
      if (model === null) return { status: 'skipped', finding: `none: the ${settings.strategy} sampler proposes` };
      if (model === 'offline')
        return { status: 'ok', finding: 'offline: embedded, free, no language model; nothing was sent' };
      const timeoutSeconds = Math.min(PATIENCE_SECONDS, settings.request_timeout);
      const { shortMemory } = await import('../../agents/models/quirk-memory.ts');
      const { resolveModel } = await import('../../agents/models/resolve-model.ts');
      const { workingFolder } = context;
      const { base_url: baseUrl, tool_form: toolForm } = settings;
      const memory = shortMemory(settings.quirks[model]);
      const server = { baseUrl: baseUrl ?? undefined, sources, workingFolder, toolForm, memory };
      const request = { ...server, model, timeoutSeconds, seed: 0 };
      const resolved = await resolveModel(request);
      if (mayAsk) return ask(resolved, timeoutSeconds, signal);
      return { status: 'skipped', finding: `${model} at ${resolved.endpoint}: not asked` };
    },
  };
}

async function ask(model: ResolvedModel, timeoutSeconds: number, signal: AbortSignal): Promise<Finding> {
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
      mend: 'Both agents work through tools: choose a model that can call them, with --model.',
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
