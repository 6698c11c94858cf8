import { dirname, isAbsolute } from 'node:path';
import { AgentHpoError } from '../study/errors.ts';
import { isOfFolder } from './links-outside.ts';
import {
  explicitCandidate,
  type PythonCandidate,
  type PythonSource,
  pathCandidates,
  virtualEnvironments,
} from './python-candidates.ts';
import { installerEnvironment } from './python-installer-environment.ts';
import {
  lookAtVirtualEnvironment,
  type ProbeContext,
  type ProbedPython,
  probePython,
  type RequirementsCheck,
} from './python-probe.ts';

/** Which Python a task wants, and where to look for it. */
export interface PythonRequest {
  /** Absolute. */
  readonly taskFolder: string;
  /** An interpreter or virtual environment named by the user or the task; a relative path is taken from the task folder. */
  readonly python?: string;
  /** What named it, for an error; default: `--python`. */
  readonly pythonNamedBy?: string;
  /** Absolute path of the requirements file; undefined: nothing beyond the interpreter is asked for. */
  readonly requirements?: string;
  /** The tuner’s own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Trainings are to run in a sandbox: then nothing that lies in the task folder is started outside of it. */
  readonly isSandboxed?: boolean;
  /** Absolute; cached environments are kept under `environments/` in it. */
  readonly cacheFolder: string;
}

export type FoundPython =
  | { readonly kind: 'ready'; readonly source: PythonSource; readonly python: ProbedPython }
  /** Nothing satisfies the requirements: an environment is to be made with `base`, which lacks what `check` says. */
  | { readonly kind: 'to-build'; readonly base: ProbedPython; readonly check: RequirementsCheck };

export interface SearchOptions {
  /** Before the user has confirmed the task folder nothing that lies in it may be started, not even its `.venv`. */
  readonly mayStartTaskFolder: boolean;
  /** Hears what was passed over and why. */
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The first that will do: the one that was named (whatever it lacks is said, nothing is installed into it), the active
 * virtual environment, the one beside the script, then each python3 and python on PATH. AgentHpoError `python-missing`
 * when none of them is a Python 3.8 or newer.
 */
export async function findPython(request: PythonRequest, options: SearchOptions): Promise<FoundPython> {
  const search = new Search(request, options);
  if (request.python !== undefined) return search.explicit(request.python);
  return (await search.virtualEnvironments()) ?? (await search.path());
}

class Search {
  readonly #request: PythonRequest;
  readonly #options: SearchOptions;
  readonly #context: ProbeContext;
  readonly #reasons: string[] = [];

  constructor(request: PythonRequest, options: SearchOptions) {
    this.#request = request;
    this.#options = options;
    this.#context = {
      folder: request.taskFolder,
      ...(request.requirements === undefined ? {} : { requirements: request.requirements }),
      environment: installerEnvironment(request.environment),
    };
  }

  async explicit(named: string): Promise<FoundPython> {
    const candidate = explicitCandidate(named, this.#request.taskFolder, this.#searchPath, this.#request.pythonNamedBy);
    if (this.#isShutIn(candidate)) throw shutIn(candidate, this.#request.pythonNamedBy);
    const python = await this.#ask(candidate);
    if (typeof python === 'string') throw pythonMissing([python]);
    const gaps = gapsOf(python.requirements);
    if (gaps !== '')
      this.#options.onProgress(`${python.executable} was asked for and is used as it is, although it lacks ${gaps}.`);
    return { kind: 'ready', source: 'explicit', python };
  }

  async virtualEnvironments(): Promise<FoundPython | undefined> {
    for (const candidate of virtualEnvironments(this.#request.taskFolder, this.#request.environment)) {
      const python = this.#isShutIn(candidate) ? NOT_OUTSIDE : await this.#ask(candidate);
      if (typeof python !== 'string' && satisfies(python)) return { kind: 'ready', source: candidate.source, python };
      const where = dirname(dirname(candidate.interpreter));
      const reason = typeof python === 'string' ? python : `it lacks ${gapsOf(python.requirements)}`;
      this.#options.onProgress(`The virtual environment ${where} is not used: ${reason}.`);
    }
    return undefined;
  }

  async path(): Promise<FoundPython> {
    let base: { python: ProbedPython; check: RequirementsCheck } | undefined;
    for await (const python of this.#onPath()) {
      if (python.requirements === null) return { kind: 'ready', source: 'system', python };
      if (satisfies(python)) return { kind: 'ready', source: 'satisfying', python };
      base ??= { python, check: python.requirements };
    }
    if (base === undefined) throw pythonMissing(this.#reasons);
    return { kind: 'to-build', base: base.python, check: base.check };
  }

  /** The usable interpreters on PATH, each once however many names it has. */
  async *#onPath(): AsyncGenerator<ProbedPython> {
    const seen = new Set<string>();
    for (const candidate of pathCandidates(this.#searchPath)) {
      if (this.#isForbidden(candidate)) continue;
      const python = await probePython(candidate.interpreter, this.#context, this.#options.signal);
      if (typeof python === 'string') this.#reasons.push(python);
      else if (!seen.has(python.prefix)) {
        seen.add(python.prefix);
        yield python;
      }
    }
  }

  async #ask(candidate: PythonCandidate): Promise<ProbedPython | string> {
    const { interpreter } = candidate;
    if (!this.#isForbidden(candidate)) return probePython(interpreter, this.#context, this.#options.signal);
    for await (const reader of this.#onPath()) {
      const folder = dirname(dirname(interpreter));
      return lookAtVirtualEnvironment(folder, reader.executable, this.#context, this.#options.signal);
    }
    return `${interpreter} belongs to the task and is not started before the task is confirmed`;
  }

  #isForbidden(candidate: PythonCandidate): boolean {
    if (this.#options.mayStartTaskFolder && this.#request.isSandboxed !== true) return false;
    return this.#isOfTask(candidate);
  }

  /** In the task folder, or named by task.yaml from there: `../python` of the same repository is no more the user’s own. */
  #isOfTask({ interpreter, source }: PythonCandidate): boolean {
    const { python = '', pythonNamedBy, taskFolder } = this.#request;
    const isTasksPath = pythonNamedBy !== undefined && python.includes('/') && !isAbsolute(python);
    return (source === 'explicit' && isTasksPath) || isOfFolder(interpreter, taskFolder);
  }

  /** Never started, not even once the folder is confirmed: what trains would be chosen outside by what belongs inside. */
  #isShutIn(candidate: PythonCandidate): boolean {
    return this.#request.isSandboxed === true && this.#isOfTask(candidate);
  }

  get #searchPath(): string {
    return this.#request.environment['PATH'] ?? '';
  }
}

/** What is missing, in a few words: `scikit-learn>=1.3 (1.2.2 is there), numpy`; empty when nothing is. */
export function gapsOf(check: RequirementsCheck | null): string {
  const missing = (check?.missing ?? []).map(({ requirement, installed }) =>
    installed === null ? requirement : `${requirement} (${installed} is there)`,
  );
  const unjudged = (check?.unjudged ?? []).map((line) => `${line} (only an installer can tell)`);
  const gaps = [...missing, ...unjudged];
  return gaps.slice(0, 6).join(', ') + (gaps.length > 6 ? ` and ${gaps.length - 6} more` : '');
}

function satisfies(python: ProbedPython): boolean {
  return gapsOf(python.requirements) === '';
}

const NOT_OUTSIDE = 'it lies in the task folder, and nothing of that is started outside of the sandbox';

function shutIn({ interpreter }: PythonCandidate, namedBy = '--python'): AgentHpoError {
  return new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${interpreter}, named by ${namedBy}, belongs to the task, and nothing of that is started outside of the sandbox.`,
    hint: 'Name a Python that is not the task’s own with --python; what requirements.txt asks for is installed where it is missing.',
  });
}

function pythonMissing(reasons: readonly string[]): AgentHpoError {
  const tried = reasons.length === 0 ? 'there is no python3 and no python on PATH' : reasons.join('; ');
  return new AgentHpoError({
    code: 'python-missing',
    message: `No usable Python (3.8 or newer) was found: ${tried}.`,
    hint: 'Install Python 3, or name an interpreter with --python.',
  });
}
