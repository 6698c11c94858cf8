/**
 * Every error a user can meet, by its stable code. The text says what the code means in general;
 * the thrown error says what happened this time. docs/errors.md and the exit codes are checked against this table.
 */
export const ERROR_CODES = {
  usage: 'The command line asks for something that does not exist or does not fit together.',
  'task-not-found': 'The task is neither a folder nor the name of a bundled task.',
  'task-invalid': 'task.yaml does not follow its schema, or contradicts the files beside it.',
  'config-invalid': 'The script’s config file cannot be read or edited safely.',
  'settings-invalid': 'agenthpo.yaml or a setting on the command line is not valid.',
  'study-not-found': 'No study matches the given path, id or "latest".',
  'study-locked': 'Another process is working on this study.',
  'study-finished': 'The study has nothing left to do.',
  'log-corrupt': 'The experiment log holds a line that cannot be what was written.',
  'log-newer': 'The experiment log was written by a newer agenthpo.',
  'log-write-failed': 'The experiment log could not be written to disk; nothing after that moment was acknowledged.',
  'warm-start-unfit':
    'The study that --warm-start names has other values than this one: another task, objective, profile or space.',
  'code-changed': 'The task’s code changed while the study was under way.',
  'python-missing': 'No usable Python interpreter was found.',
  'environment-failed': 'The Python environment the task needs could not be prepared.',
  'data-missing': 'The task’s data is neither on disk nor could it be downloaded.',
  'model-unusable': 'The chosen language model cannot be used as configured.',
  'model-unreachable': 'The language model’s server was not there when the study was to begin; nothing was begun.',
  'model-failed': 'The language model did not answer usably after bounded retries.',
  'sampler-failed': 'The program that proposes (Optuna) crashed, hung or gave no usable answer; the study is paused.',
  'runner-failed': 'A training could not be started or watched (the machine’s fault, not the script’s).',
  'sandbox-unavailable': 'A sandbox was asked for and cannot be made here; nothing ran.',
  'file-failed': 'A file could not be read or written.',
  interrupted: 'Ctrl-C, or an order to end, came while there was no study to be paused.',
  'not-confirmed': 'The first use of a task folder was not confirmed.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error a user can mend: what happened, with the offending value, and one action that helps. */
export class AgentHpoError extends Error {
  override readonly name = 'AgentHpoError';
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(details: { code: ErrorCode; message: string; hint: string; cause?: unknown }) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.hint = details.hint;
  }
}

/** Whether the language model is what failed: it cannot be reached, or not be used as it is configured. */
export function isModelsFault(error: unknown): error is AgentHpoError {
  return error instanceof AgentHpoError && (error.code === 'model-failed' || error.code === 'model-unusable');
}

/** What happened and what to do, on one line. */
export function describeError({ message, hint }: AgentHpoError): string {
  return `${message} ${hint}`;
}

/** The message of anything thrown, for a line of text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Node’s system error code (`ENOENT`, `ENOSPC` …), if the error carries one. */
export function systemCodeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
