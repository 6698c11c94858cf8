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

/** The exit codes, each with one meaning (docs/errors.md). */
export const EXIT = { ok: 0, bug: 1, usage: 2, partial: 3, failed: 4, interrupted: 130 } as const;
