import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathCandidates } from '../../runners/python-candidates.ts';
import { type PythonPlan, planPython } from '../../runners/python-environment.ts';
import { installerEnvironment } from '../../runners/python-installer-environment.ts';
import { probePython } from '../../runners/python-probe.ts';
import { cacheFolder } from '../python-request.ts';
import { askProgram, definedOf } from './ask-program.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

/** The Python of a task that asks for nothing special, and whether it can make environments for those that do. */
export function pythonCheck(input: DoctorInput): Check {
  return {
    name: 'Python',
    look: async (signal) => {
      const plan = await planFor(input, signal);
      const finding = `${plan.version} at ${plan.interpreter}${await othersThan(plan, input, signal)}`;
      return { ...(await judgeInstaller(plan, input, signal)), finding };
    },
  };
}

export function uvCheck({ context }: DoctorInput): Check {
  return {
    name: 'uv',
    look: async (signal) => {
      const end = await askProgram(['uv', '--version'], context, signal);
      if (end === undefined)
        return { status: 'skipped', finding: 'not installed; environments are made with pip, which is slower' };
      if (end.exitCode === 0) return { status: 'ok', finding: end.stdout.trim().replace(/^uv /, '') };
      return {
        status: 'warning',
        finding: `does not start: ${end.tail.at(-1) ?? `exit code ${end.exitCode}`}`,
        mend: 'Install it again, or remove it: pip is used where uv fails.',
      };
    },
  };
}

/** The Python of a task that asks for nothing special. */
export function planFor({ context, settings }: DoctorInput, signal: AbortSignal): Promise<PythonPlan> {
  const environment = definedOf(context.environment);
  const { python } = settings;
  const named = python?.includes('/') ? resolve(context.workingFolder, python) : python;
  // No task: a folder without a virtual environment of its own stands in for it.
  const request = { taskFolder: tmpdir(), environment, cacheFolder: cacheFolder(settings, environment) };
  const watch = { onProgress: () => undefined, signal };
  return planPython(named == null ? request : { ...request, python: named }, watch);
}

/** Without venv and ensurepip (Debian packs them apart) only uv can make an environment. */
async function judgeInstaller(
  { interpreter, version }: PythonPlan,
  { context }: DoctorInput,
  signal: AbortSignal,
): Promise<Omit<Finding, 'finding'>> {
  const command = [interpreter, '-I', '-c', 'import venv, ensurepip'] as const;
  const end = await askProgram([...command], context, signal);
  const hasUv = (await askProgram(['uv', '--version'], context, signal))?.exitCode === 0;
  if (end?.exitCode === 0 || hasUv) return { status: 'ok' };
  const minor = version.split('.').slice(0, 2).join('.');
  return {
    status: 'warning',
    mend: `It lacks venv or pip, which tasks with requirements need: apt install python${minor}-venv, or install uv.`,
  };
}

/** The other interpreters on PATH, and why one cannot be used. */
async function othersThan(plan: PythonPlan, { context }: DoctorInput, signal: AbortSignal): Promise<string> {
  const environment = definedOf(context.environment);
  const candidates = pathCandidates(environment['PATH'] ?? '').filter(
    ({ interpreter }) => interpreter !== plan.interpreter,
  );
  const probed = await Promise.all(
    candidates.map(async ({ interpreter }) => {
      const probe = { folder: tmpdir(), environment: installerEnvironment(environment) };
      const python = await probePython(interpreter, probe, signal);
      if (typeof python === 'string') return [python];
      return python.executable === plan.interpreter ? [] : [`${python.version} at ${interpreter}`];
    }),
  );
  return probed
    .flat()
    .map((other) => `; also ${other}`)
    .join('');
}
