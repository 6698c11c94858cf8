import type { Redact } from '../../study/redact.ts';
import { toHonestReply } from './honest-reply.ts';
import { createPatientFetch } from './patient-fetch.ts';
import { withRedactedBody } from './redacted-fetch.ts';

export interface ModelFetchOptions {
  readonly redact: Redact;
  /** For one request, to the last byte of its reply. */
  readonly timeoutSeconds: number;
}

/** The one way to a model’s server, whichever client asks: secrets stay here, time is bounded, failures say so. */
export function createModelFetch({ redact, timeoutSeconds }: ModelFetchOptions): typeof fetch {
  const patientFetch = createPatientFetch();
  return async (input, init) => {
    const request = withDeadline(withRedactedBody(init, redact), timeoutSeconds * 1000);
    return await toHonestReply(await patientFetch(input, request), redact);
  };
}

/** A client’s own time limit may end with the headers; this one covers the body too, and closes the connection. */
function withDeadline(init: RequestInit | undefined, timeoutMs: number): RequestInit {
  const deadline = AbortSignal.timeout(timeoutMs);
  return { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline };
}
