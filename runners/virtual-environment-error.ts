import { join } from 'node:path';
import { AgentHpoError } from '../study/errors.ts';
import type { CommandEnd } from './python-command.ts';
import type { ProbedPython } from './python-probe.ts';

/** pip prints nothing while it downloads one file: 1 GB at 1 MB/s stays below this. */
export const SILENCE_LIMIT_SECONDS = 20 * 60;

export type Installer = 'uv' | 'pip';

export interface FailedBuild {
  readonly installer: Installer;
  readonly step: 'create' | 'install';
  readonly end: CommandEnd;
}

/** What a build was for. */
interface Wanted {
  readonly base: ProbedPython;
  readonly requirements: string;
  readonly gaps: string;
  readonly taskFolder: string;
}

/** What is missing, why, the last lines of the installer, and the command that does it by hand. */
export function buildError(failed: FailedBuild, wanted: Wanted): AgentHpoError {
  const output = failed.end.tail.map((line) => `  ${line}`).join('\n');
  const hint = failed.step === 'create' ? hintForCreate(output, wanted.base) : hintForInstall(output, wanted);
  const what =
    failed.step === 'create' ? 'no virtual environment could be made' : `${wanted.gaps} could not be installed`;
  return new AgentHpoError({
    code: 'environment-failed',
    message: `The Python environment for ${wanted.requirements} is not there: ${what}${reasonOf(failed.end, output)}.\n${output}`,
    hint,
  });
}

function reasonOf(end: CommandEnd, output: string): string {
  if (end.stopped === 'limit') return ' within the time limit';
  if (end.stopped === 'silence') return ` (no sign of life for ${SILENCE_LIMIT_SECONDS / 60} minutes)`;
  const noNetwork =
    /NewConnectionError|ConnectTimeout|ProxyError|name resolution|Name or service|Network is unreachable|dns error|Connection refused/i;
  return noNetwork.test(output) ? ' (the package index cannot be reached: no network?)' : '';
}

/** Debian and Ubuntu split venv and ensurepip off into a package of their own. */
function hintForCreate(output: string, { version, executable }: ProbedPython): string {
  if (!/ensurepip is not available|No module named '?(venv|ensurepip)\b/.test(output))
    return `Try by hand: ${executable} -m venv /tmp/try-venv`;
  const [major, minor] = version.split('.');
  return `This Python lacks its venv module. On Debian or Ubuntu: sudo apt install python${major}.${minor}-venv`;
}

function hintForInstall(output: string, wanted: Wanted): string {
  const space = /No space left/.test(output) ? 'The disk is full. Once there is room, or ' : '';
  return `${space}${space ? 'install' : 'Install'} by hand and run again: ${installCommand(wanted)}`;
}

/** The command a person types to get the requirements where the next run finds them. */
export function installCommand({ base, requirements, taskFolder }: Wanted): string {
  const install = (python: string) => `${quoted(python)} -m pip install -r ${quoted(requirements)}`;
  if (!base.externallyManaged) return install(base.executable);
  const beside = join(taskFolder, '.venv');
  return `${quoted(base.executable)} -m venv ${quoted(beside)} && ${install(join(beside, 'bin', 'python'))}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
