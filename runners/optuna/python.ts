import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AgentHpoError } from '../../study/errors.ts';
import type { OptunaSampler } from '../../study/strategy.ts';
import { childEnvironment } from '../child-environment.ts';
import { preparePython } from '../python-environment.ts';
import { installerEnvironment } from '../python-installer-environment.ts';
import { probePython } from '../python-probe.ts';
import { gapsOf } from '../python-search.ts';
import type { Watch } from '../virtual-environment-build.ts';

/** A Python that has what one of Optuna’s samplers needs. */
export interface OptunaPython {
  /** Absolute. */
  readonly interpreter: string;
  /** All that Optuna sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The virtual environment that was made for Optuna alone; undefined: it is the one that trains. */
  readonly ownFolder?: string;
}

export interface OptunaRequest {
  readonly sampler: OptunaSampler;
  /** The Python that trains; undefined when it may not be started outside of a sandbox. */
  readonly training?: { readonly interpreter: string; readonly variables: Readonly<Record<string, string>> };
  /** The tuner’s own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; where Python environments are kept. */
  readonly cacheFolder: string;
}

/**
 * The Python that trains, when it has a fitting Optuna; else a virtual environment of Optuna’s own, made now if need be
 * from a pinned list. AgentHpoError `environment-failed` (no network …), `python-missing`.
 */
export async function prepareOptuna(request: OptunaRequest, watch: Watch): Promise<OptunaPython> {
  const { sampler, training, environment, cacheFolder } = request;
  if (training !== undefined && (await lackingIn(training.interpreter, request, watch.signal)) === '')
    return { interpreter: training.interpreter, environment: seenByOptuna(environment, training.variables) };
  try {
    const { interpreter, variables, prefix } = await preparePython(
      {
        // No task: its own folder, which holds no virtual environment, stands in for one. An active one is the user’s.
        taskFolder: fileURLToPath(new URL('.', import.meta.url)),
        environment: { ...environment, VIRTUAL_ENV: '' },
        requirements: listed('pinned', sampler),
        cacheFolder,
      },
      watch,
    );
    return { interpreter, environment: seenByOptuna(environment, variables), ownFolder: prefix };
  } catch (error) {
    if (error instanceof AgentHpoError && error.code === 'environment-failed') throw notInstalled(error);
    throw error;
  }
}

/** What a Python lacks for one of Optuna’s samplers, in words; empty when it has everything. */
export async function lackingIn(
  interpreter: string,
  { sampler, environment }: Pick<OptunaRequest, 'sampler' | 'environment'>,
  signal: AbortSignal,
): Promise<string> {
  const context = {
    folder: tmpdir(),
    requirements: listed('accepted', sampler),
    environment: installerEnvironment(environment),
  };
  const python = await probePython(interpreter, context, signal);
  return typeof python === 'string' ? python : gapsOf(python.requirements);
}

/** `accepted`: versions that the bridge was written for; `pinned`: those that are installed. */
function listed(which: 'accepted' | 'pinned', sampler: OptunaSampler): string {
  return fileURLToPath(new URL(`${which}/${sampler}.txt`, import.meta.url));
}

function seenByOptuna(environment: OptunaRequest['environment'], variables: Readonly<Record<string, string>>) {
  return childEnvironment(environment, [], variables).environment;
}

function notInstalled(error: AgentHpoError): AgentHpoError {
  return new AgentHpoError({
    code: error.code,
    message: `Optuna is not there and could not be installed. ${error.message}`,
    hint: 'Run the same command where there is a network; without one, begin a study with --strategy tpe, which needs nothing.',
    cause: error,
  });
}
