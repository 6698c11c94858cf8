import { AgentHpoError, type ErrorCode, messageOf } from '../study/errors.ts';
import { EXIT } from './context.ts';

const EXIT_CODE_OF: Partial<Record<ErrorCode, number>> = {
  'log-write-failed': EXIT.partial,
  'model-failed': EXIT.partial,
  'study-finished': EXIT.usage,
};

/** The process’s exit code for anything thrown: 2 for what a user can mend, 1 for a bug of ours. */
export function exitCodeOf(error: unknown): number {
  return error instanceof AgentHpoError ? (EXIT_CODE_OF[error.code] ?? EXIT.usage) : EXIT.bug;
}

/** An error as a person reads it, and as `--json` prints it. */
export function describeError(error: unknown): { human: string; json: object } {
  if (error instanceof AgentHpoError) {
    const { code, message, hint } = error;
    return { human: `error [${code}] ${message}\n→ ${hint}`, json: { error: { code, message, hint } } };
  }
  const message = messageOf(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const hint =
    'This is a bug in agenthpo. Please report it with the lines above; the study on disk is safe: agenthpo resume latest.';
  return { human: `${stack}\n→ ${hint}`, json: { error: { code: 'bug', message, hint } } };
}
