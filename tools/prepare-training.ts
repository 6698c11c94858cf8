import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../runners/child-environment.ts';
import { fillArguments, fillVariables, type SlotValues } from '../runners/command-line.ts';
import { isKeyFile } from '../runners/key-files.ts';
import { makeWorkingCopy } from '../runners/working-copy.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Redact } from '../study/redact.ts';
import type { Task } from '../study/task.ts';
import { isOwnFile } from './own-file.ts';
import { ownOutputs, type StudyFiles } from './own-outputs.ts';
import { configChanges, floatKeys, writeTrainingConfig } from './training-config.ts';

/** The interpreter of a study’s trainings and the variables that make it itself (`VIRTUAL_ENV`, `PATH`). */
export interface Interpreter {
  readonly interpreter: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface TrainingSetup {
  readonly task: Task;
  readonly python: Interpreter;
  /** The environment of agenthpo itself; the training gets an allow-listed part of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Every trial of a study trains with the same seed. */
  readonly trainingSeed: number;
  /** Tells the task’s files from outputs that lie beside them; undefined outside of a study, or when it does not know. */
  readonly studyFiles?: StudyFiles | undefined;
  /** Takes secrets out of what the script prints and its config says, before any of it is cut or told. */
  readonly redact: Redact;
}

export interface PreparedTraining {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that were not passed on, then files of keys that were not copied, by name. */
  readonly withheld: readonly string[];
  /** Hash of everything that configures the training: the config file as written, the command line, variables, the seed. */
  readonly configHash: string;
}

/** A fresh working copy of the task in `folder`, without what any earlier run by hand has written. */
export function copyTask({ task, studyFiles }: Pick<TrainingSetup, 'task' | 'studyFiles'>, folder: string): void {
  makeWorkingCopy(task.folder, folder, { leaveOut: ownOutputs(task, studyFiles) });
}

/** Writes the config into the working copy and says what to start. Throws `config-invalid`; then nothing may start. */
export function prepareTraining(
  setup: TrainingSetup,
  folder: string,
  hyperparameters: Hyperparameters,
  extraArguments: readonly string[] = [],
): PreparedTraining {
  const { task, python, environment, trainingSeed } = setup;
  const { config, script } = task.train;
  const changes = configChanges(task, hyperparameters, trainingSeed);
  const text = config === undefined ? '' : writeTrainingConfig(folder, config, changes, floatKeys(task));
  const command = [python.interpreter, script, ...commandArguments(setup, folder, hyperparameters, extraArguments)];
  const variables = environmentVariables(setup, folder, hyperparameters);
  // Not the surrounding variables of the same names, which an inactive parameter’s would otherwise fall back on.
  const surroundings = Object.entries(environment).filter(([name]) => !Object.hasOwn(task.train.env, name));
  const { environment: allowed, withheld } = childEnvironment(Object.fromEntries(surroundings), task.environment.pass, {
    ...python.variables,
    ...variables,
    ...seedVariable(task, trainingSeed),
  });
  const configHash = createHash('sha256')
    .update(JSON.stringify([text, command.slice(1), variables, trainingSeed]))
    .digest('hex');
  return { command, environment: allowed, withheld: [...withheld, ...keyFilesIn(task.folder)], configHash };
}

function keyFilesIn(folder: string): string[] {
  return readdirSync(folder).filter(isKeyFile).sort();
}

/** The words after the script’s name: the task’s `args`, filled. An absent (inactive) parameter’s word is left out. */
export function commandArguments(
  setup: Pick<TrainingSetup, 'task' | 'trainingSeed'>,
  folder: string,
  hyperparameters: Hyperparameters,
  extraArguments: readonly string[] = [],
): string[] {
  return fillArguments([...setup.task.train.args, ...extraArguments], slotValues(setup, folder, hyperparameters));
}

/** The task’s `env`, filled. A variable that names an absent (inactive) parameter is left out. */
export function environmentVariables(
  setup: Pick<TrainingSetup, 'task' | 'trainingSeed'>,
  folder: string,
  hyperparameters: Hyperparameters,
): Record<string, string> {
  return fillVariables(setup.task.train.env, slotValues(setup, folder, hyperparameters));
}

function slotValues(
  { task, trainingSeed }: Pick<TrainingSetup, 'task' | 'trainingSeed'>,
  folder: string,
  hyperparameters: Hyperparameters,
): SlotValues {
  return {
    ...Object.fromEntries(task.space.names.map((name) => [name, undefined])),
    ...Object.fromEntries(task.fixed.map(({ name, value }) => [name, value])),
    ...hyperparameters,
    config: task.train.config,
    seed: trainingSeed,
    trial_dir: folder,
  };
}

function seedVariable({ train }: Task, seed: number): Record<string, string> {
  return train.seed?.kind === 'environment' ? { [train.seed.name]: String(seed) } : {};
}

/** The config file’s text in the working copy; undefined for a script without one. */
export function configText({ task }: Pick<TrainingSetup, 'task'>, folder: string): string | undefined {
  const path = task.train.config === undefined ? undefined : join(folder, task.train.config);
  return path !== undefined && isOwnFile(path, folder) ? readFileSync(path, 'utf8') : undefined;
}
