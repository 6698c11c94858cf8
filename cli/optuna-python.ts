import type { Settings } from '../configs/schema.ts';
import { isOfFolder } from '../runners/links-outside.ts';
import { type OptunaPython, prepareOptuna } from '../runners/optuna/python.ts';
import { isOptunaStrategy, optunaSamplerOf } from '../study/strategy.ts';
import type { Task } from '../study/task.ts';
import type { Interpreter } from '../tools/prepare-training.ts';
import type { Context } from './context.ts';
import { definedOf } from './doctor/ask-program.ts';
import { cacheFolder } from './python-request.ts';
import { watchInstallation } from './watch-installation.ts';

export interface OptunaUse {
  /** Of the study. */
  readonly strategy: string;
  /** The Python that trains. */
  readonly python: Interpreter;
  readonly task: Task;
  readonly isSandboxed: boolean;
  readonly context: Context;
  readonly settings: Settings;
  readonly isPlain: boolean;
  readonly say: (line: string) => void;
}

/** The Python in which Optuna proposes, made if need be while the user watches; undefined for another strategy. */
export async function optunaPython(use: OptunaUse): Promise<OptunaPython | undefined> {
  const { strategy, python, task, isSandboxed, context, settings } = use;
  if (!isOptunaStrategy(strategy)) return undefined;
  const environment = definedOf(context.environment);
  // Nothing of a task that is to be shut in may run outside: neither its Python nor the Optuna in it.
  const isShutIn = isSandboxed && isOfFolder(python.interpreter, task.folder);
  const request = {
    sampler: optunaSamplerOf(strategy),
    environment,
    cacheFolder: cacheFolder(settings, environment),
    ...(!isShutIn && { training: python }),
  };
  return watchInstallation(use, (watch) => prepareOptuna(request, watch));
}
