/** Everything a command may know of the process it runs in; built once, in main.ts. */
export interface Context {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  /** Aborts on Ctrl-C and on an order to end. */
  readonly signal: AbortSignal;
  /** The command line as typed, for the record. */
  readonly commandLine: readonly string[];
}

/** The exit codes, each with one meaning. */
export const EXIT = { ok: 0, bug: 1, usage: 2, partial: 3, failed: 4, interrupted: 130 } as const;

/**
 * What each exit code tells, for docs/errors.md.
 *
 * @public
 */
export const EXIT_MEANINGS: Readonly<Record<(typeof EXIT)[keyof typeof EXIT], string>> = {
  0: 'The command did what it was asked; a study is complete.',
  1: 'A bug in agenthpo. The study on disk is safe: `agenthpo resume latest`.',
  2: 'The command line, the task, the settings or the machine need mending first.',
  3: 'The study is partial or paused: `agenthpo resume` goes on.',
  4: 'The study failed: no trial is complete, or the default configuration does not run.',
  130: 'Ctrl-C. Nothing is lost: `agenthpo resume` goes on.',
};
