import { AgentHpoError, type ErrorCode, messageOf, systemCodeOf } from '../study/errors.ts';
import { EXIT } from './context.ts';

const EXIT_CODE_OF: Partial<Record<ErrorCode, number>> = {
  'log-write-failed': EXIT.partial,
  'model-failed': EXIT.partial,
  'sampler-failed': EXIT.partial,
  interrupted: EXIT.interrupted,
};

/** What the machine refuses, whichever call meets it: no space, no permission, no more files or processes, a bad disk. */
const MACHINES_FAULT =
  'EACCES EAGAIN EBUSY EDQUOT EFBIG EIO EMFILE ENFILE ENOMEM ENOSPC EPERM EROFS ESTALE ETXTBSY'.split(' ');

/** The process’s exit code for anything thrown: 2 for what a user can mend, 1 for a bug of ours. */
export function exitCodeOf(error: unknown): number {
  const mendable = asMendable(error);
  return mendable === undefined ? EXIT.bug : (EXIT_CODE_OF[mendable.code] ?? EXIT.usage);
}

/** An error as a person reads it, and as `--json` prints it. */
export function describeError(error: unknown): { human: string; json: object } {
  const mendable = asMendable(error);
  if (mendable !== undefined) {
    const { code, message, hint } = mendable;
    return { human: `error [${code}] ${message}\n→ ${hint}`, json: { error: { code, message, hint } } };
  }
  const message = messageOf(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const hint =
    'This is a bug in agenthpo. Please report it with the lines above; the study on disk is safe: agenthpo resume latest.';
  return { human: `${stack}\n→ ${hint}`, json: { error: { code: 'bug', message, hint } } };
}

/** Why everything under way is aborted at Ctrl-C; what comes to the top when no study was there yet to be paused. */
export function interruptedError(): AgentHpoError {
  return new AgentHpoError({
    code: 'interrupted',
    message: 'Interrupted.',
    hint: 'Run the same command again; a study that had begun goes on with: agenthpo resume latest',
  });
}

/** What a user can mend; undefined for a bug. */
function asMendable(error: unknown): AgentHpoError | undefined {
  if (error instanceof AgentHpoError) return error;
  // Node’s own waits wrap the reason of an abort.
  if (error instanceof Error && error.name === 'AbortError' && error.cause instanceof AgentHpoError) return error.cause;
  if (!MACHINES_FAULT.includes(systemCodeOf(error) ?? '')) return undefined;
  return new AgentHpoError({
    code: 'file-failed',
    message: messageOf(error),
    hint: 'Check free disk space and the permissions of that path, then try again; a study that had begun goes on with: agenthpo resume latest',
    cause: error,
  });
}
