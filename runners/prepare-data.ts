import { childEnvironment } from './child-environment.ts';
import { pacedLines } from './paced-lines.ts';
import { runCommand } from './python-command.ts';
import { type Sandbox, sandboxCommand } from './sandbox.ts';

export interface DataPreparation {
  /** Absolute; the script runs there, not in a working copy: what it makes is for all trials and studies. */
  readonly taskFolder: string;
  /** Relative to the task folder. */
  readonly script: string;
  /** What the profile and --set give keys of the config: the script reads it as JSON in AGENTHPO_CONFIG_CHANGES. */
  readonly configChanges: Readonly<Record<string, unknown>>;
  readonly python: { readonly interpreter: string; readonly variables: Readonly<Record<string, string>> };
  /** The environment of agenthpo itself, of which the script gets what a training gets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names that the task asks for beyond the allow-list. */
  readonly pass: readonly string[];
  /** Runs inside, and writes in `writable` alone. */
  readonly sandbox?: { readonly sandbox: Sandbox; readonly writable: readonly string[] };
}

export type DataOutcome =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'missing';
      /** How it ended: `exit code 1`, `no sign of life for 20 minutes`. */
      readonly how: string;
      /** The last lines it wrote. */
      readonly output: readonly string[];
      /** Names of variables that were kept from it and could explain the failure. */
      readonly withheld: readonly string[];
    };

/** A large data set over a slow line, and the time without a line in which nobody would still wait. */
const LIMIT_SECONDS = 12 * 3600;
const SILENCE_LIMIT_SECONDS = 20 * 60;

/**
 * Runs a task’s own script that makes sure its data is there: in a process group of its own, with a training’s
 * environment (no keys). Rejects only with the signal’s reason; then nothing of it is left alive.
 */
export async function runDataPreparation(
  { taskFolder, script, configChanges, python, environment, pass, sandbox }: DataPreparation,
  { onProgress, signal }: { onProgress: (line: string) => void; signal: AbortSignal },
): Promise<DataOutcome> {
  const variables = { ...python.variables, AGENTHPO_CONFIG_CHANGES: JSON.stringify(configChanges) };
  const child = childEnvironment(environment, pass, variables);
  const lines = pacedLines(onProgress);
  const program = { command: [python.interpreter, script], folder: taskFolder, environment: child.environment };
  try {
    const end = await runCommand(
      {
        ...program,
        ...(sandbox && {
          command: sandboxCommand(sandbox.sandbox, { ...program, writable: sandbox.writable }),
        }),
        limitSeconds: LIMIT_SECONDS,
        silenceLimitSeconds: SILENCE_LIMIT_SECONDS,
        onLine: lines.hear,
      },
      signal,
    );
    if (end.exitCode === 0 && end.stopped === undefined) return { kind: 'ready' };
    return { kind: 'missing', how: howItEnded(end), output: end.tail, withheld: child.withheld };
  } finally {
    lines.stop();
  }
}

function howItEnded({ exitCode, stopped }: { exitCode: number | null; stopped?: 'limit' | 'silence' }): string {
  if (stopped === 'limit') return `it took longer than ${LIMIT_SECONDS / 3600} hours`;
  if (stopped === 'silence') return `no sign of life for ${SILENCE_LIMIT_SECONDS / 60} minutes`;
  return exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`;
}
