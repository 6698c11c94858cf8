import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfigValues } from './config-file.ts';
import { messageOf } from './errors.ts';
import type { HyperparameterValue } from './hyperparameter.ts';
import { invalidTask } from './load-task/invalid-task.ts';
import { assertHasStandIn, readTaskDocument } from './load-task/read-task-document.ts';
import { resolveSpec } from './load-task/resolve-choices.ts';
import { argumentProblems, missingFiles, unknownSets } from './load-task/task-problems.ts';
import { trainSettings } from './load-task/train-settings.ts';
import { didYouMean } from './nearest.ts';
import type { Resolution } from './resolve-space.ts';
import { parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from './search-space.ts';
import type { Task } from './task.ts';
import type { ProfileDocument, TaskDocument } from './task-schema.ts';

export interface TaskChoices {
  /** Default: the task’s own `profile`. */
  readonly profile?: string;
  /** `--set`: a hyperparameter’s name fixes it, any other key is set in the config file. */
  readonly sets?: Readonly<Record<string, HyperparameterValue>>;
  /** `--stand-in`: train on generated data; `data.stand_in` joins the training’s arguments. */
  readonly standIn?: boolean;
}

/**
 * Read and check a task folder. Throws AgentHpoError `task-not-found`, `task-invalid` (every problem, one a line, each
 * with its path in task.yaml), `config-invalid`, or `usage` when stand-in data is asked for and the task has none.
 */
export function loadTask(folder: string, choices: TaskChoices = {}): Task {
  const absolute = resolve(folder);
  const file = join(absolute, 'task.yaml');
  const document = readTaskDocument(absolute, file);
  if (choices.standIn === true) assertHasStandIn(document, absolute);
  const config = readConfig(absolute, document);
  const profile = chooseProfile(file, document, choices.profile);
  const sets = choices.sets ?? {};
  const problems: string[] = [
    ...missingFiles(absolute, document),
    ...argumentProblems(document),
    ...unknownSets(document, config, sets, profile?.settings),
  ];
  if (problems.length > 0) throw invalidTask(file, problems);
  const { resolution, defaultsProblems } = resolveSpec(document, config, profile?.settings, sets);
  if (defaultsProblems.length > 0) throw invalidTask(file, defaultsProblems);
  return assemble({ folder: absolute, file, document, profile, resolution, choices });
}

/** The config file as nested values; undefined for a script without one. */
function readConfig(folder: string, { train }: TaskDocument): Record<string, unknown> | undefined {
  if (train.config === undefined) return undefined;
  const path = join(folder, train.config);
  return existsSync(path) ? readConfigValues(readFileSync(path, 'utf8'), train.config) : undefined;
}

interface ChosenProfile {
  readonly name: string;
  readonly settings: ProfileDocument;
}

function chooseProfile(file: string, document: TaskDocument, named: string | undefined): ChosenProfile | undefined {
  const name = named ?? document.profile;
  if (name === undefined) return undefined;
  const settings = document.profiles[name];
  if (settings !== undefined) return { name, settings };
  throw invalidTask(file, [`profile "${name}" does not exist (${didYouMean(name, Object.keys(document.profiles))})`]);
}

interface CheckedTask {
  readonly folder: string;
  readonly file: string;
  readonly document: TaskDocument;
  readonly profile: ChosenProfile | undefined;
  readonly resolution: Resolution;
  readonly choices: TaskChoices;
}

function assemble({ folder, file, document, profile, resolution, choices }: CheckedTask): Task {
  const { data, environment, resources } = document;
  const { sets = {}, standIn = false } = choices;
  const names = Object.keys(document.hyperparameters);
  const otherSets = Object.fromEntries(Object.entries(sets).filter(([key]) => !names.includes(key)));
  const budget = { ...document.budget, ...profile?.settings.budget };
  const requirements =
    environment.requirements ?? (existsSync(join(folder, 'requirements.txt')) ? 'requirements.txt' : undefined);
  return {
    folder,
    name: document.name,
    title: document.title ?? document.name,
    description: document.description,
    dataset: document.dataset,
    model: document.model,
    goal: document.goal,
    readme: readOptional(join(folder, 'README.md')),
    objective: document.objective,
    space: parseSpace(file, resolution.spec),
    fixed: resolution.fixed,
    configChanges: { ...profile?.settings.config, ...otherSets },
    train: trainSettings(file, document, {
      timeoutSeconds: profile?.settings.timeout,
      moreArguments: standIn ? data?.stand_in : undefined,
    }),
    evaluate: document.evaluate,
    data: data === undefined ? undefined : { prepare: data.prepare, standIn: data.stand_in, network: data.network },
    dataIsStandIn: standIn,
    environment: { python: environment.python, requirements, pass: environment.pass },
    resources: { cpus: resources.cpus, gpus: resources.gpus, memoryBytes: resources.memory },
    profile: profile && {
      name: profile.name,
      description: profile.settings.description,
      caveat: profile.settings.caveat,
    },
    budget: { trials: budget.trials, maxSeconds: budget.max_time, maxTokens: budget.max_tokens },
    keep: document.keep,
  };
}

function parseSpace(file: string, spec: SearchSpaceSpec): SearchSpace {
  try {
    return parseSearchSpace(spec);
  } catch (error) {
    throw invalidTask(file, messageOf(error).split('\n'));
  }
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
