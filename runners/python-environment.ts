import { delimiter, dirname } from 'node:path';
import type { PythonSource } from './python-candidates.ts';
import { type DownloadEstimate, estimateDownload, largeDownloadLine } from './python-download.ts';
import type { ProbedPython } from './python-probe.ts';
import { type FoundPython, findPython, gapsOf, type PythonRequest } from './python-search.ts';
import { DEFAULT_TORCH, locateCpuTorch, wantsCpuTorch } from './torch-build.ts';
import { cachedEnvironment, completeEnvironment } from './virtual-environment.ts';
import type { EnvironmentOrder, WantedEnvironment, Watch } from './virtual-environment-build.ts';
import { installCommand } from './virtual-environment-error.ts';

export type { PythonRequest } from './python-search.ts';

/** The Python that trains a task. */
export interface PythonEnvironment {
  /** Absolute. */
  readonly interpreter: string;
  readonly version: string;
  readonly source: PythonSource;
  readonly prefix: string;
  /**
   * To be laid over the training’s environment: PATH begins with this Python’s programs; VIRTUAL_ENV names its virtual
   * environment, and is empty when it is none, so that another active one is not taken for it.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of the requirements; undefined when the task has none. */
  readonly requirementsHash?: string;
}

/** What `preparePython` would do. */
export interface PythonPlan {
  readonly source: PythonSource;
  /** The interpreter that would train; for an environment that is yet to be built, the one to build it with. */
  readonly interpreter: string;
  readonly version: string;
  /** undefined: nothing would be installed. */
  readonly install?: {
    readonly requirements: string;
    /** What is missing, in words. */
    readonly missing: string;
    readonly download: DownloadEstimate;
    /** What to know before: that more than 200 MB would be downloaded, that there is no GPU to install for. */
    readonly downloadLine?: string;
    /** Installs it by hand. */
    readonly command: string;
  };
}

/**
 * The Python environment of a task: the one that was named, else the first of active virtual environment, the one beside
 * the script and the Pythons on PATH that satisfies the requirements, else a cached virtual environment, built now if
 * need be. AgentHpoError `python-missing` or `environment-failed`; an abort leaves no process behind.
 */
export async function preparePython(request: PythonRequest, watch: Watch): Promise<PythonEnvironment> {
  const found = await findPython(request, { ...watch, mayStartTaskFolder: true });
  if (found.kind === 'ready')
    return environmentOf(found.source, found.python, found.python.requirements?.hash, request);
  const wanted = wantedEnvironment(found, request);
  const ready = await completeEnvironment(wanted, watch.signal);
  const python = ready ?? (await makeEnvironment(wanted, found, watch));
  return environmentOf('cached-venv', python, found.check.hash, request);
}

/**
 * What `preparePython` would use and install, without doing it. Nothing that lies in the task folder is started: its
 * virtual environment is judged by the metadata on disk, so that this may be shown before the user trusts the folder.
 */
export async function planPython(request: PythonRequest, watch: Watch): Promise<PythonPlan> {
  const found = await findPython(request, { ...watch, mayStartTaskFolder: false });
  if (found.kind === 'ready') return planOf(found.source, found.python);
  const wanted = wantedEnvironment(found, request);
  const ready = await completeEnvironment(wanted, watch.signal);
  if (ready !== undefined) return planOf('cached-venv', ready);
  const order = await orderOf(wanted, found, watch.signal);
  const download = await estimateDownload(order, found.check, watch.signal);
  const downloadLine = lineOf(download, order);
  const { requirements, gaps: missing } = wanted;
  const install = { requirements, missing, download, command: installCommand(wanted) };
  return {
    ...planOf('cached-venv', found.base),
    install: { ...install, ...(downloadLine === undefined ? {} : { downloadLine }) },
  };
}

type ToBuild = FoundPython & { readonly kind: 'to-build' };

/** Builds it, once it is said what that downloads. */
async function makeEnvironment(wanted: WantedEnvironment, found: ToBuild, watch: Watch): Promise<ProbedPython> {
  const order = await orderOf(wanted, found, watch.signal);
  const line = lineOf(await estimateDownload(order, found.check, watch.signal), order);
  if (line !== undefined) watch.onProgress(line);
  return cachedEnvironment(order, watch);
}

async function orderOf(
  wanted: WantedEnvironment,
  { base, check }: ToBuild,
  signal: AbortSignal,
): Promise<EnvironmentOrder> {
  const { cpuTorch, environment } = wanted;
  const torch = cpuTorch ? await locateCpuTorch({ base, check, environment }, base.executable, signal) : DEFAULT_TORCH;
  return { ...wanted, torch };
}

function lineOf(download: DownloadEstimate, { torch }: EnvironmentOrder): string | undefined {
  const lines = [torch.note, largeDownloadLine(download)].filter((line) => line !== undefined);
  return lines.length === 0 ? undefined : lines.join(' ');
}

function wantedEnvironment(found: ToBuild, request: PythonRequest): WantedEnvironment {
  const { taskFolder, cacheFolder, environment, requirements = '' } = request;
  const { base, check } = found;
  return {
    base,
    requirements,
    requirementsHash: check.hash,
    gaps: gapsOf(check),
    taskFolder,
    cacheFolder,
    environment,
    cpuTorch: wantsCpuTorch({ base, check, environment }),
  };
}

function environmentOf(
  source: PythonSource,
  python: ProbedPython,
  requirementsHash: string | undefined,
  request: PythonRequest,
): PythonEnvironment {
  const { executable: interpreter, version, prefix, basePrefix } = python;
  const programs = dirname(interpreter);
  // An empty entry would mean the current directory.
  const others = (request.environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !['', programs].includes(folder));
  const variables = {
    PATH: [programs, ...others].join(delimiter),
    VIRTUAL_ENV: prefix === basePrefix ? '' : prefix,
  };
  return { interpreter, version, source, prefix, variables, ...(requirementsHash ? { requirementsHash } : {}) };
}

function planOf(source: PythonSource, { executable: interpreter, version }: ProbedPython): PythonPlan {
  return { source, interpreter, version };
}
