import type { TrialResult } from '../study/trial.ts';
import type { TrialSession } from '../tools/trial-session.ts';

/** The part of a trial’s execution that an agent may play: everything between a ready session and the trial’s end. */
export interface SessionExecutor {
  /**
   * Runs the session’s training to its end, once, and tells of it. Resolves with the session’s true result whatever a
   * model does; `interrupted` when `signal` aborts. Rejects only when the machine breaks.
   */
  runTrial(session: TrialSession, signal: AbortSignal): Promise<TrialResult>;
}

/** The end of a trial that was interrupted before its training began. */
const INTERRUPTED: TrialResult = { state: 'interrupted', metrics: {} };

/** The session’s true result, running the training now if nobody did. */
export async function finishSession(session: TrialSession, signal: AbortSignal): Promise<TrialResult> {
  if (session.result !== undefined) return session.result;
  if (signal.aborted) return INTERRUPTED;
  await session.execute(signal);
  if (session.result === undefined)
    throw new Error(`trial ${session.trial.number}: the session ended without a result`);
  return session.result;
}
