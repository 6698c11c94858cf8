import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { AgentHpoError } from '../study/errors.ts';

/** Where a training’s Python comes from. */
export type PythonSource = 'explicit' | 'active-venv' | 'neighbouring-venv' | 'satisfying' | 'cached-venv' | 'system';

export interface PythonCandidate {
  readonly source: PythonSource;
  /** Absolute path of the program; it need not be a Python that works. */
  readonly interpreter: string;
}

/**
 * The interpreter that was named: a path to one or to a virtual environment (relative to the task folder), a program on
 * PATH (`python3.11`) or a version (`3.11`). AgentHpoError `python-missing` when nothing is there.
 */
export function explicitCandidate(
  named: string,
  taskFolder: string,
  searchPath: string,
  namedBy = '--python',
): PythonCandidate {
  const path = resolve(taskFolder, named);
  const program = /^\d/.test(named) ? `python${named}` : named;
  const onSearchPath = named.includes('/') ? undefined : onPath(program, searchPath);
  const interpreter = onSearchPath ?? (isFile(path) ? path : pythonOf(path));
  if (interpreter !== undefined) return { source: 'explicit', interpreter };
  throw new AgentHpoError({
    code: 'python-missing',
    message: `Neither a Python interpreter nor a virtual environment is at ${path}${named.includes('/') ? '' : `, and no ${program} is on PATH`}.`,
    hint: `It is named by ${namedBy}: name an interpreter that is there (/usr/bin/python3, or a virtual environment’s folder), or leave it out and one is looked for.`,
  });
}

/** The active virtual environment, then the one beside the script; only what exists. */
export function virtualEnvironments(
  taskFolder: string,
  environment: Readonly<Record<string, string>>,
): PythonCandidate[] {
  const active = environment['VIRTUAL_ENV'];
  const beside = ['.venv', 'venv'].map((name) => join(taskFolder, name));
  return [
    ...(active ? [{ source: 'active-venv' as const, folder: resolve(active) }] : []),
    ...beside.map((folder) => ({ source: 'neighbouring-venv' as const, folder })),
  ].flatMap(({ source, folder }) => {
    const interpreter = pythonOf(folder);
    return interpreter === undefined ? [] : [{ source, interpreter }];
  });
}

/** Every `python3` on PATH, each folder once, then each `python` of a folder that has no `python3` (else it is the same). */
export function pathCandidates(searchPath: string): PythonCandidate[] {
  const folders = [...new Set(searchPath.split(delimiter).filter(isAbsolute).flatMap(realFolder))];
  const modern = folders.map((folder) => join(folder, 'python3')).filter(isFile);
  const others = folders.filter((folder) => !isFile(join(folder, 'python3'))).map((folder) => join(folder, 'python'));
  return [...modern, ...others.filter(isFile)].map((interpreter) => ({ source: 'system', interpreter }));
}

/** The first program of that name on PATH. */
export function onPath(program: string, searchPath: string): string | undefined {
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, program)).find(isFile);
}

function pythonOf(virtualEnvironment: string): string | undefined {
  return ['python', 'python3'].map((name) => join(virtualEnvironment, 'bin', name)).find(isFile);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** /bin is often a link to /usr/bin: one folder, asked once. */
function realFolder(folder: string): string[] {
  return existsSync(folder) ? [realpathSync(folder)] : [];
}
