import { setTimeout as sleep } from 'node:timers/promises';
import { AIMessage } from '@langchain/core/messages';
import { messageOf } from '../study/errors.ts';
import type { CallLimits, ModelAccess, ModelRole } from './model-access.ts';
import { type ModelFault, toModelError, toModelFault } from './model-fault.ts';
import type { FailedRequest } from './request-account.ts';

export interface PatientCall {
  readonly access: ModelAccess;
  readonly role: ModelRole;
  readonly trial?: number;
  readonly signal: AbortSignal;
}

/** One attempt at an answer, and who is told of each that failed before anything else is tried. */
export interface Attempts {
  readonly send: () => Promise<AIMessage>;
  readonly failed: (failure: FailedRequest) => Promise<void>;
}

/** A wait that a person at the screen would wonder about. */
const NOTICEABLE_MS = 5_000;

/**
 * An answer, or the error that a user reads. A failure that may pass is repeated within {@link CallLimits}; what stays,
 * the next fallback model has to deal with. Throws the signal’s reason when it aborts, `model-failed` or `model-unusable`
 * with its cause when nobody is left to ask, and any error that is no model’s doing as it is.
 */
export async function askPatiently(call: PatientCall, attempts: Attempts): Promise<AIMessage> {
  const { model } = call.access;
  for (;;) {
    const { name } = model;
    const outcome = await withRetries(call, attempts);
    if (AIMessage.isInstance(outcome)) return outcome;
    const { fault, error } = outcome;
    const failure = toModelError(fault, model, error);
    if (!fault.mayFallBack || model.fallBack?.() !== true) throw failure;
    tell(call, `${name} did not answer: ${fault.what}. ${model.name} takes over until the study is resumed.`);
  }
}

interface Failure {
  readonly fault: ModelFault;
  readonly error: unknown;
}

async function withRetries(call: PatientCall, { send, failed }: Attempts): Promise<AIMessage | Failure> {
  const { model, limits } = call.access;
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      call.signal.throwIfAborted();
      return await send();
    } catch (error) {
      const fault = model.isOffline ? undefined : toModelFault(error);
      await failed(fault ?? unexplained(error, call.signal));
      call.signal.throwIfAborted();
      if (fault === undefined) throw error;
      if (fault.isRefusal) return declined(fault);
      const delayMs = Math.max(fault.retryAfterMs ?? 0, backOffMs(attempt, limits));
      const passedMs = performance.now() - started;
      const isHopeless = !fault.isPassing || attempt > limits.maxRetries;
      if (isHopeless || passedMs + delayMs > limits.retrySeconds * 1000) return { fault, error };
      await wait(call, `${fault.what}; attempt ${attempt + 1}`, delayMs);
    }
  }
}

/** Given up by us, or broken in a way that no server is known for: it may have been answered all the same. */
function unexplained(error: unknown, { aborted }: AbortSignal): FailedRequest {
  return { fate: 'unknown', what: aborted ? 'given up before it was answered' : messageOf(error) };
}

/** A content filter’s no to one prompt, as the reply of a model that declines: the conversation deals with it. */
function declined({ what }: ModelFault): AIMessage {
  return new AIMessage({ content: '', additional_kwargs: { refusal: what } });
}

/** Doubling waits, spread by a quarter either way so that parallel studies do not knock together. */
function backOffMs(attempt: number, { firstDelayMs, maxDelayMs }: CallLimits): number {
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));
}

async function wait(call: PatientCall, what: string, delayMs: number): Promise<void> {
  const seconds = Math.round(delayMs / 1000);
  const { access, role, trial, signal } = call;
  if (delayMs >= NOTICEABLE_MS) access.say?.(`${access.model.name}: ${what} in ${seconds} s.`);
  const text = `${what} in ${Math.round(delayMs)} ms`;
  access.transcript({ role, kind: 'retry', text, ...(trial !== undefined && { trial }) });
  await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function tell({ access, role, trial }: PatientCall, text: string): void {
  access.say?.(text);
  access.transcript({ role, kind: 'fallback', text, ...(trial !== undefined && { trial }) });
}
