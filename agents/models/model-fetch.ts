import type { Redact } from '../../study/redact.ts';
import { toHonestReply } from './honest-reply.ts';
import { createLearningFetch } from './learning-fetch.ts';
import { createPatientFetch } from './patient-fetch.ts';
import type { QuirkMemory } from './quirk-memory.ts';
import { withRedactedBody } from './redacted-fetch.ts';

export interface ModelFetchOptions {
  readonly redact: Redact;
  /** For one request, to the last byte of its reply. */
  readonly timeoutSeconds: number;
  /** What is known of the server, and learned from its refusals. */
  readonly memory: QuirkMemory;
}

/** The one way to a model’s server, whichever client asks: secrets stay here, time is bounded, failures say so. */
export function createModelFetch({ redact, timeoutSeconds, memory }: ModelFetchOptions): typeof fetch {
  const patientFetch = createPatientFetch();
  const send = createLearningFetch(
    async (input, init) => await toHonestReply(await patientFetch(input, init), redact),
    memory,
  );
  return async (input, init) => await send(input, withDeadline(withRedactedBody(init, redact), timeoutSeconds * 1000));
}

/** A client’s own time limit may end with the headers; this one covers the body too, and closes the connection. */
function withDeadline(init: RequestInit | undefined, timeoutMs: number): RequestInit {
  const deadline = AbortSignal.timeout(timeoutMs);
  return { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline };
}
