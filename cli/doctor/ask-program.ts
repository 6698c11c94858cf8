import { tmpdir } from 'node:os';
import { onPath } from '../../runners/python-candidates.ts';
import { type CommandEnd, runCommand } from '../../runners/python-command.ts';
import { installerEnvironment } from '../../runners/python-installer-environment.ts';
import type { Context } from '../context.ts';

const LIMIT_SECONDS = 10;

/** Runs a small program of this machine (`nvidia-smi`, `uv`, `du`), without any secret; undefined when it is not on PATH. */
export async function askProgram(
  command: readonly [string, ...string[]],
  context: Context,
  signal: AbortSignal,
): Promise<CommandEnd | undefined> {
  const environment = definedOf(context.environment);
  const [name, ...words] = command;
  const program = name.includes('/') ? name : onPath(name, environment['PATH'] ?? '');
  if (program === undefined) return undefined;
  return runCommand(
    {
      command: [program, ...words],
      folder: tmpdir(),
      environment: installerEnvironment(environment),
      limitSeconds: LIMIT_SECONDS,
    },
    signal,
  );
}

/** The variables that are set. */
export function definedOf(environment: Context['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
