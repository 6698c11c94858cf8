import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentHpoError } from '../study/errors.ts';
import { type InstallerStep, installerStep } from './installer-step.ts';
import { onPath } from './python-candidates.ts';
import { type CommandEnd, runCommand } from './python-command.ts';
import { installerEnvironment } from './python-installer-environment.ts';
import { type ProbedPython, probePython } from './python-probe.ts';
import type { TorchBuild } from './torch-build.ts';
import { buildError, type FailedBuild, type Installer, SILENCE_LIMIT_SECONDS } from './virtual-environment-error.ts';

export interface WantedEnvironment {
  /** The interpreter to make it with. */
  readonly base: ProbedPython;
  /** Absolute path of the requirements file. */
  readonly requirements: string;
  /** The hash of that file and what it includes. */
  readonly requirementsHash: string;
  /** What is asked for, for messages. */
  readonly gaps: string;
  readonly taskFolder: string;
  readonly cacheFolder: string;
  /** The tuner’s own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** To hold PyTorch’s CPU build, where that can be had. */
  readonly cpuTorch: boolean;
}

/** An environment to be built now, with the build of PyTorch that was found for it. */
export interface EnvironmentOrder extends WantedEnvironment {
  readonly torch: TorchBuild;
}

export interface Watch {
  /** Hears what is worth a line that stays. */
  readonly onProgress: (line: string) => void;
  /** Hears what the installer does at the moment; many of them, each soon over. */
  readonly onStep?: (step: InstallerStep) => void;
  readonly signal: AbortSignal;
}

/** A whole build; a large framework over a slow line takes a good part of it. */
const INSTALL_LIMIT_SECONDS = 60 * 60;
const CREATE_LIMIT_SECONDS = 5 * 60;

interface Step {
  readonly command: readonly string[];
  readonly folder: string;
  readonly limitSeconds: number;
}

/**
 * Makes a virtual environment and installs the requirements: with uv when it is on PATH, else, and when uv could not
 * (it reads neither pip’s configuration nor every form of requirement), with venv and pip. Each try gets a fresh folder
 * of `newFolder`; nothing is left of one that failed. Rejects with AgentHpoError `environment-failed`.
 */
export async function buildVirtualEnvironment(
  newFolder: () => string,
  wanted: EnvironmentOrder,
  watch: Watch,
): Promise<ProbedPython> {
  const uv = uvProgram(wanted.environment);
  const viaUv = uv === undefined ? undefined : await tryToBuild('uv', uv, newFolder(), wanted, watch);
  if (viaUv !== undefined && 'version' in viaUv) return viaUv;
  if (viaUv !== undefined)
    watch.onProgress(`uv could not (${viaUv.end.tail.at(-1) ?? 'no reason given'}); trying pip.`);
  const viaPip = await tryToBuild('pip', wanted.base.executable, newFolder(), wanted, watch);
  if ('version' in viaPip) return viaPip;
  throw buildError(viaPip, wanted);
}

/** uv, when it is on PATH. */
export function uvProgram(environment: Readonly<Record<string, string>>): string | undefined {
  return onPath('uv', environment['PATH'] ?? '');
}

async function tryToBuild(
  installer: Installer,
  program: string,
  folder: string,
  wanted: EnvironmentOrder,
  watch: Watch,
): Promise<ProbedPython | FailedBuild> {
  watch.onProgress(`Making a virtual environment with Python ${wanted.base.version} and ${installer}: ${wanted.gaps}`);
  let isBuilt = false;
  try {
    for (const [step, command] of Object.entries(stepsOf(installer, program, folder, wanted))) {
      const end = await runStep(command, wanted, watch);
      if (end.exitCode !== 0 || end.stopped) return { installer, step: step === 'create' ? step : 'install', end };
    }
    const python = await probeBuilt(folder, wanted, watch.signal);
    isBuilt = true;
    return python;
  } finally {
    if (!isBuilt) rmSync(folder, { recursive: true, force: true });
  }
}

function stepsOf(
  installer: Installer,
  program: string,
  folder: string,
  { base, requirements, torch }: EnvironmentOrder,
) {
  const python = join(folder, 'bin', 'python');
  const create =
    installer === 'uv'
      ? [program, 'venv', '--no-project', '--python', base.executable, folder]
      : [program, '-I', '-m', 'venv', folder];
  const install =
    installer === 'uv'
      ? [program, 'pip', 'install', '--python', python, '-r', requirements]
      : // -u: pip’s lines are progress, and come when they are printed.
        [
          python,
          '-I',
          '-u',
          '-m',
          'pip',
          'install',
          '--progress-bar',
          'off',
          ...torch.pipArguments,
          '-r',
          requirements,
        ];
  return {
    create: { command: create, folder: dirname(folder), limitSeconds: CREATE_LIMIT_SECONDS },
    // Relative paths in a requirements file start at the current directory.
    install: { command: install, folder: dirname(requirements), limitSeconds: INSTALL_LIMIT_SECONDS },
  } satisfies Record<string, Step>;
}

function runStep(step: Step, wanted: EnvironmentOrder, { onStep, signal }: Watch): Promise<CommandEnd> {
  const onLine = (line: string) => {
    // pip and uv name each file, with its size when it is large, before its first byte comes.
    const found = installerStep(line);
    if (found !== undefined) onStep?.(found);
  };
  const environment = { ...wanted.torch.uvVariables, ...installerEnvironment(wanted.environment) };
  return runCommand({ ...step, environment, silenceLimitSeconds: SILENCE_LIMIT_SECONDS, onLine }, signal);
}

async function probeBuilt(folder: string, wanted: WantedEnvironment, signal: AbortSignal): Promise<ProbedPython> {
  const context = { folder: wanted.taskFolder, environment: installerEnvironment(wanted.environment) };
  const python = await probePython(join(folder, 'bin', 'python'), context, signal);
  if (typeof python !== 'string') return python;
  throw new AgentHpoError({
    code: 'environment-failed',
    message: `The virtual environment that was just built does not start: ${python}`,
    hint: 'Check the disk’s free space, or name another interpreter with --python.',
  });
}
