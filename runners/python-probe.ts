import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AgentHpoError, messageOf, systemCodeOf } from '../study/errors.ts';
import { runCommand } from './python-command.ts';

const PROBE = fileURLToPath(new URL('python-probe.py', import.meta.url));
const LIMIT_SECONDS = 60;

const probed = z.object({
  version: z.string(),
  executable: z.string(),
  prefix: z.string(),
  basePrefix: z.string(),
  /** Implementation, system and machine. */
  platform: z.string(),
  /** pip refuses to install into it (PEP 668). */
  externallyManaged: z.boolean(),
  requirements: z
    .object({
      /** Every requirement that can be judged and is for this system and Python, whether it is there or not. */
      asked: z.array(z.object({ requirement: z.string(), name: z.string() })),
      /** Lines that the installed distributions do not satisfy; `installed`: the version that is there instead. */
      missing: z.array(z.object({ requirement: z.string(), name: z.string(), installed: z.string().nullable() })),
      /** Lines that only an installer can judge: URLs, paths, editable installs. */
      unjudged: z.array(z.string()),
      /** The file itself says which package index to use. */
      namesIndex: z.boolean(),
      /** SHA-256 of the file and everything it includes. */
      hash: z.string(),
    })
    .nullable(),
  /** Why the requirements file could not be read. */
  unreadable: z.string().optional(),
});

/** What an interpreter says about itself and about the requirements file it was asked about. */
export type ProbedPython = z.infer<typeof probed>;
export type RequirementsCheck = NonNullable<ProbedPython['requirements']>;

export interface ProbeContext {
  /** The interpreter starts here: version managers choose by folder. */
  readonly folder: string;
  readonly requirements?: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts an interpreter once and asks it. A string says why it is not usable. Python 3.8 is the oldest accepted. */
export async function probePython(
  interpreter: string,
  context: ProbeContext,
  signal: AbortSignal,
): Promise<ProbedPython | string> {
  return ask(interpreter, [], context, signal);
}

/**
 * What a virtual environment holds, read with another interpreter (`reader`): nothing in the folder is started.
 * Its own files say which Python it has. A string says why nothing can be told.
 */
export async function lookAtVirtualEnvironment(
  folder: string,
  reader: string,
  context: ProbeContext,
  signal: AbortSignal,
): Promise<ProbedPython | string> {
  const version = versionOf(folder);
  if (version === undefined) return `${folder} holds no pyvenv.cfg that names its Python`;
  const seen = await ask(reader, [version, ...sitePackagesOf(folder)], context, signal);
  return typeof seen === 'string' ? seen : { ...seen, executable: join(folder, 'bin', 'python'), prefix: folder };
}

async function ask(
  interpreter: string,
  words: readonly string[],
  context: ProbeContext,
  signal: AbortSignal,
): Promise<ProbedPython | string> {
  const command = [interpreter, '-I', '-B', PROBE, context.requirements ?? '', ...words];
  const { folder, environment } = context;
  try {
    const end = await runCommand({ command, folder, environment, limitSeconds: LIMIT_SECONDS }, signal);
    if (end.exitCode === 0) return accepted(interpreter, probed.parse(JSON.parse(end.stdout)));
    const reason = end.stopped ? `no answer within ${LIMIT_SECONDS} s` : end.tail.at(-1);
    return `${interpreter} could not be asked: ${reason ?? `exit code ${end.exitCode}`}`;
  } catch (error) {
    if (signal.aborted || error instanceof AgentHpoError) throw error;
    if (systemCodeOf(error) || error instanceof SyntaxError || error instanceof z.ZodError)
      return `${interpreter} could not be started as a Python: ${messageOf(error).split('\n')[0]}`;
    throw error;
  }
}

function accepted(interpreter: string, python: ProbedPython): ProbedPython | string {
  const [major = 0, minor = 0] = python.version.split('.').map(Number);
  if (major !== 3 || minor < 8) return `${interpreter} is Python ${python.version}; 3.8 or newer is needed`;
  if (python.unreadable === undefined) return python;
  throw new AgentHpoError({
    code: 'environment-failed',
    message: `The requirements file cannot be read: ${python.unreadable}`,
    hint: 'Correct environment.requirements in task.yaml, or the -r lines of the file it names.',
  });
}

function versionOf(folder: string): string | undefined {
  // `version = 3.11.7` (venv), `version_info = 3.11.7.final.0` (virtualenv, uv).
  return /^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m.exec(readIfThere(join(folder, 'pyvenv.cfg')) ?? '')?.[1];
}

function sitePackagesOf(folder: string): string[] {
  const pythons = readdirSync(join(folder, 'lib')).filter((name) => name.startsWith('python'));
  return pythons.map((name) => join(folder, 'lib', name, 'site-packages'));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
