import { join, resolve } from 'node:path';
import type { Settings } from '../configs/schema.ts';
import type { PythonRequest } from '../runners/python-environment.ts';
import type { Task } from '../study/task.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';

/** Which Python a task’s trainings ask for: the user’s choice, else the task’s, else one that satisfies its requirements. */
export function pythonRequest(task: Task, settings: Settings, { environment, workingFolder }: Context): PythonRequest {
  const python = settings.python === null ? task.environment.python : userPath(settings.python, workingFolder);
  const { requirements } = task.environment;
  return {
    taskFolder: task.folder,
    isSandboxed: settings.sandbox,
    ...(python !== undefined && { python }),
    ...(settings.python === null && { pythonNamedBy: `environment.python in ${join(task.folder, 'task.yaml')}` }),
    ...(requirements !== undefined && { requirements: join(task.folder, requirements) }),
    environment: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    cacheFolder: cacheFolder(settings, environment),
  };
}

/** A path is the user’s, from where they stand; a bare name (`python3.12`) is looked up by the search itself. */
function userPath(python: string, workingFolder: string): string {
  return python.includes('/') ? resolve(workingFolder, python) : python;
}

/** Where Python environments are kept. */
export function cacheFolder(settings: Settings, environment: Context['environment']): string {
  if (settings.cache !== null) return resolve(settings.cache);
  const base = environment['XDG_CACHE_HOME'] || join(homeOf(environment), '.cache');
  return join(base, 'agenthpo');
}
