import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfigValues } from './config-file.ts';
import { messageOf } from './errors.ts';
import type { HyperparameterValue } from './hyperparameter.ts';
import { invalidTask } from './load-task/invalid-task.ts';
import { assertHasStandIn, readTaskDocument } from './load-task/read-task-document.ts';
import { resolveSpec } from './load-task/resolve-choices.ts';
import { outsideConfig, slotProblems } from './load-task/slot-problems.ts';
import { type ChosenProfile, choiceError, chooseProfile, setProblems } from './load-task/task-choices.ts';
import type { TaskFile } from './load-task/task-file.ts';
import { missingFiles, profileProblems, trivialProblems } from './load-task/task-problems.ts';
import { trainSettings } from './load-task/train-settings.ts';
import { unwritableChoices } from './load-task/value-problems.ts';
import { readText } from './read-text.ts';
import type { Resolution } from './resolve-space.ts';
import { parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from './search-space.ts';
import type { Task } from './task.ts';
import type { TaskDocument } from './task-schema.ts';

export interface TaskChoices {
  /** How the user named the task, for commands in hints; default: its folder. */
  readonly reference?: string;
  /** Default: the task’s own `profile`. */
  readonly profile?: string;
  /** `--set`: a hyperparameter’s name fixes it, any other key is set in the config file. */
  readonly sets?: Readonly<Record<string, HyperparameterValue>>;
  /** `--stand-in`: train on generated data; `data.stand_in` joins the training’s arguments. */
  readonly standIn?: boolean;
}

/**
 * Read and check a task folder. Throws AgentHpoError `task-not-found`, `task-invalid` (every problem, one a line, each
 * with its path in task.yaml), `config-invalid`, or `usage` when what
 * `choices` asks for does not fit the task.
 */
export function loadTask(folder: string, choices: TaskChoices = {}): Task {
  const absolute = resolve(folder);
  const { document, file } = readTaskDocument(absolute, choices.reference ?? absolute);
  if (choices.standIn === true) assertHasStandIn(document, absolute);
  const config = readConfig(absolute, document);
  const profile = chooseProfile(file, document, choices.profile);
  const sets = choices.sets ?? {};
  const { resolution, problems, setProblems: unfitting } = resolveSpec(document, config, profile, sets);
  const misplaced = [...setProblems(document, config, sets), ...unfitting];
  if (misplaced.length > 0) throw choiceError(misplaced, file);
  const space = parseSpace(resolution.spec);
  const found = [
    ...missingFiles(absolute, document),
    ...trivialProblems(document),
    ...slotProblems(document),
    ...unwritableChoices(document, outsideConfig(document, config)),
    ...profileProblems(document, config, profile),
    ...problems,
  ];
  if (found.length > 0 || 'problems' in space)
    throw invalidTask(file, [...found, ...('problems' in space ? spaceProblems(found, space.problems, document) : [])]);
  return assemble({ folder: absolute, file, document, config, profile, resolution, space, choices });
}

/** The config file as nested values; undefined for a script without one, or when the one it names is not there. */
function readConfig(folder: string, { train }: TaskDocument): Record<string, unknown> | undefined {
  if (train.config === undefined) return undefined;
  const path = join(folder, train.config);
  return existsSync(path) ? readConfigValues(readText(path, 'config-invalid'), path) : undefined;
}

/** Without the config file its defaults are unknown, and a parameter that is wrong once need not be told of twice. */
function spaceProblems(found: readonly string[], ofSpace: readonly string[], document: TaskDocument): string[] {
  const blamed = new Set(found.map(pathOf));
  const lacksConfig = blamed.has('train.config');
  const inConfig = Object.entries(document.hyperparameters)
    .filter(([, parameter]) => parameter.default === undefined)
    .map(([name]) => `hyperparameters.${name}: the default`);
  return ofSpace
    .filter((problem) => !blamed.has(pathOf(problem)) && !(lacksConfig && /: has no default/.test(problem)))
    .map((problem) => {
      const isInConfig = inConfig.some((start) => problem.startsWith(start));
      return isInConfig
        ? `${problem}; it stands in ${document.train.config}: change it there, or widen the range (or the choices) here`
        : problem;
    });
}

function pathOf(problem: string): string {
  return problem.slice(0, problem.indexOf(': '));
}

interface CheckedTask {
  readonly folder: string;
  readonly file: TaskFile;
  readonly document: TaskDocument;
  readonly config: Record<string, unknown> | undefined;
  readonly profile: ChosenProfile | undefined;
  readonly resolution: Resolution;
  readonly space: SearchSpace;
  readonly choices: TaskChoices;
}

function assemble({ folder, file, document, config, profile, resolution, space, choices }: CheckedTask): Task {
  const { data, environment, resources } = document;
  const { trivial, ...objective } = document.objective;
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
    objective,
    trivial,
    space,
    fixed: resolution.fixed,
    configChanges: { ...profile?.settings.config, ...otherSets },
    train: trainSettings(file, document, {
      timeoutSeconds: profile?.settings.timeout,
      moreArguments: standIn ? data?.stand_in : undefined,
      outsideConfig: outsideConfig(document, config),
    }),
    evaluate: document.evaluate,
    data: data === undefined ? undefined : { prepare: data.prepare, standIn: data.stand_in, network: data.network },
    dataIsStandIn: standIn,
    environment: { python: environment.python, requirements, pass: environment.pass, network: environment.network },
    resources: { cpus: resources.cpus, gpus: resources.gpus, memoryBytes: resources.memory },
    profiles: Object.keys(document.profiles),
    profile: profile && {
      name: profile.name,
      description: profile.settings.description,
      caveat: profile.settings.caveat,
    },
    budget: { trials: budget.trials, maxSeconds: budget.max_time, maxTokens: budget.max_tokens },
    keep: document.keep,
  };
}

function parseSpace(spec: SearchSpaceSpec): SearchSpace | { readonly problems: readonly string[] } {
  try {
    return parseSearchSpace(spec);
  } catch (error) {
    return { problems: messageOf(error).split('\n') };
  }
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
