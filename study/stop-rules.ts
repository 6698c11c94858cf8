import type { StopReason } from './events.ts';
import { failureSignature } from './failure-signature.ts';
import type { History } from './history.ts';
import type { Failure, FailureCause, Trial } from './trial.ts';

/** Failures that some hyperparameter value explains: results to learn from, never a reason to stop. */
const INFORMATIVE: readonly FailureCause[] = ['out-of-memory', 'diverged', 'timed-out'];
/** Whether a trial failed for a reason that has nothing to do with its configuration, so that trying it again makes sense. */
export function failedForOtherReasons({ failure }: Trial): boolean {
  return failure !== undefined && !INFORMATIVE.includes(failure.cause);
}

/** Failures that no hyperparameter explains: two running, and the script or its surroundings are broken. */
const SCRIPTS_FAULT: readonly FailureCause[] = ['import', 'data', 'no-metric', 'config'];

/**
 * Whether going on would only waste trainings: the default configuration crashed, or the last two trials failed for
 * the same reason, one that no hyperparameter explains.
 */
export function repeatedFailure(history: History): { reason: StopReason; message: string } | undefined {
  // What failed before a resume may have been mended outside of the code: data, a package, a variable.
  const finished = history.finishedSinceResume.filter((trial) => history.isCurrent(trial));
  const last = finished.at(-1);
  if (last?.failure === undefined || !failedForOtherReasons(last)) return undefined;
  const isFirst = last.proposal.origin === 'default' && finished.length === 1;
  if (isFirst)
    return { reason: 'first-trial-failed', message: describe('The default configuration failed', last, last.failure) };
  const before = finished.at(-2)?.failure;
  if (before === undefined || !isSameFailure(before, last.failure)) return undefined;
  return {
    reason: 'repeated-failure',
    message: describe('Two trials running failed the same way', last, last.failure),
  };
}

function isSameFailure(a: Failure, b: Failure): boolean {
  if (a.cause !== b.cause) return false;
  return SCRIPTS_FAULT.includes(a.cause) || failureSignature(a) === failureSignature(b);
}

function describe(what: string, { number }: Trial, { message, tail, hint }: Failure): string {
  const end = tail.trim();
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return [`${what} (trial ${number}): ${sentence}`, ...(end === '' ? [] : [end]), `→ ${hint ?? MEND}`].join('\n');
}

const MEND = 'The lines above are the end of what the script printed: mend what they name.';
