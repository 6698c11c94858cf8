import { AgentHpoError, messageOf, systemCodeOf } from '../../study/errors.ts';
import type { Check, CheckResult, Finding } from './check.ts';

/** Longer than any check allows itself; a check that is still busy then hangs. */
const CHECK_LIMIT_SECONDS = 45;

/**
 * Runs all checks at once, none longer than `limitSeconds`, and answers in their order. Rejects with the signal’s reason on an abort,
 * and for a bug in a check.
 */
export function runChecks(
  checks: readonly Check[],
  signal: AbortSignal,
  limitSeconds = CHECK_LIMIT_SECONDS,
): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async (check) => ({ name: check.name, ...(await withinLimit(check, signal, limitSeconds)) })),
  );
}

async function withinLimit({ look }: Check, signal: AbortSignal, limitSeconds: number): Promise<Finding> {
  const limit = new AbortController();
  const both = AbortSignal.any([signal, limit.signal]);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      limit.abort();
      resolve({
        status: 'problem',
        finding: `no answer within ${limitSeconds} s`,
        mend: 'Look for a disk or a network drive that hangs, then run doctor again.',
      });
    }, limitSeconds * 1000);
  });
  try {
    return await Promise.race([found(look, both, signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** A fault that a user can mend is a finding; anything else is a bug and is thrown. */
async function found(look: Check['look'], signal: AbortSignal, outer: AbortSignal): Promise<Finding> {
  try {
    return await look(signal);
  } catch (error) {
    outer.throwIfAborted();
    if (error instanceof AgentHpoError) return { status: 'problem', finding: error.message, mend: error.hint };
    if (systemCodeOf(error) === undefined) throw error;
    return { status: 'problem', finding: messageOf(error), mend: 'Check that path and its permissions.' };
  }
}
