import type { Redact } from '../../study/redact.ts';
import { toHonestReply } from './honest-reply.ts';
import { createLearningFetch } from './learning-fetch.ts';
import { createPatientFetch, type PatientFetchOptions } from './patient-fetch.ts';
import type { QuirkMemory } from './quirk-memory.ts';
import { toReadableCalls } from './readable-calls.ts';
import { withBody, withRedactedBody } from './redacted-fetch.ts';
import { withLimitedReply } from './reply-limit.ts';
import { requestLeaves } from './request-watch.ts';

export interface TransportOptions {
  readonly redact: Redact;
  /** For one request, to the last byte of its reply. */
  readonly timeoutSeconds: number;
  /** Where a proxy may be named; left out: requests go straight. */
  readonly environment?: PatientFetchOptions['environment'];
}

export interface ModelFetchOptions extends TransportOptions {
  /** What is known of the server, and learned from its refusals. */
  readonly memory: QuirkMemory;
  /** What a provider wants otherwise than its own client puts it. */
  readonly prepare?: (body: unknown) => unknown;
}

/** The one way to a model’s server, whichever client asks: secrets stay here, time is bounded, failures say so. */
export function createModelFetch(options: ModelFetchOptions, transport = createTransport(options)): typeof fetch {
  const { redact, memory, prepare = (body) => body } = options;
  const send = createLearningFetch((input, init) => transport(input, withRedactedBody(init, redact)), memory);
  return async (input, init) => {
    const request = withBody(init, (body) => prepare(withLimitedReply(body)));
    return await toReadableCalls(await send(input, request));
  };
}

/** What is the same for every request, also for those that are signed, so that nothing may change them any more. */
export function createTransport({ redact, timeoutSeconds, environment }: TransportOptions): typeof fetch {
  const patientFetch = createPatientFetch({ ...(environment && { environment }) });
  return async (input, init) => {
    await requestLeaves();
    return await toHonestReply(await patientFetch(input, withDeadline(init, timeoutSeconds * 1000)), redact);
  };
}

/** A client’s own time limit may end with the headers; this one covers the body too, and closes the connection. */
function withDeadline(init: RequestInit | undefined, timeoutMs: number): RequestInit {
  const deadline = AbortSignal.timeout(timeoutMs);
  return { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline };
}
