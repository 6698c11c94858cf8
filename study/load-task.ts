import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { getConfigValue, readConfigValues } from './config-file.ts';
import { AgentHpoError, messageOf, systemCodeOf } from './errors.ts';
import type { HyperparameterValue } from './hyperparameter.ts';
import { didYouMean } from './nearest.ts';
import { changeParameter, fixParameter, type Resolution } from './resolve-space.ts';
import { describeIssues } from './schema-errors.ts';
import { type HyperparameterSpec, parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from './search-space.ts';
import type { SeedTarget, Task } from './task.ts';
import { type ProfileDocument, type TaskDocument, taskSchema } from './task-schema.ts';

export interface TaskChoices {
  /** Default: the task’s own `profile`. */
  readonly profile?: string;
  /** `--set`: a hyperparameter’s name fixes it, any other key is set in the config file. */
  readonly sets?: Readonly<Record<string, HyperparameterValue>>;
}

/**
 * Read and check a task folder. Throws AgentHpoError `task-not-found`, `task-invalid` (every problem, one a line, each
 * with its path in task.yaml) or `config-invalid`.
 */
export function loadTask(folder: string, choices: TaskChoices = {}): Task {
  const absolute = resolve(folder);
  const file = join(absolute, 'task.yaml');
  const document = parseTaskDocument(file, readTaskFile(absolute, file));
  const config = readConfig(absolute, document);
  const profile = chooseProfile(file, document, choices.profile);
  const sets = choices.sets ?? {};
  const problems: string[] = [
    ...missingFiles(absolute, document),
    ...argumentProblems(document),
    ...unknownSets(document, config, sets, profile?.settings),
  ];
  if (problems.length > 0) throw invalid(file, problems);
  const { resolution, defaultsProblems } = resolveSpec(document, config, profile?.settings, sets);
  if (defaultsProblems.length > 0) throw invalid(file, defaultsProblems);
  return assemble(absolute, file, document, profile, resolution, sets);
}

function readTaskFile(folder: string, file: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new AgentHpoError({
      code: 'task-not-found',
      message: `There is no task folder at ${folder}.`,
      hint: 'Give the path of a folder that holds a task.yaml, or the name of a bundled task (agenthpo list --tasks).',
    });
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    throw new AgentHpoError({
      code: 'task-not-found',
      message: `${folder} holds no task.yaml.`,
      hint: 'Write one (docs/formats.md shows a whole example), or copy the one of tasks/quadratic.',
      cause: error,
    });
  }
}

function parseTaskDocument(file: string, text: string): TaskDocument {
  const parsed = parseDocument(text, { prettyErrors: true });
  if (parsed.errors.length > 0)
    throw invalid(
      file,
      parsed.errors.map((error) => `not valid YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}`),
    );
  const raw: unknown = parsed.toJS();
  const checked = taskSchema.safeParse(raw);
  if (!checked.success) throw invalid(file, describeIssues(checked.error, taskSchema, raw));
  return checked.data;
}

/** The config file as nested values; undefined for a script without one. */
function readConfig(folder: string, { train }: TaskDocument): Record<string, unknown> | undefined {
  if (train.config === undefined) return undefined;
  const path = join(folder, train.config);
  return existsSync(path) ? readConfigValues(readFileSync(path, 'utf8'), train.config) : undefined;
}

function missingFiles(folder: string, { train, environment }: TaskDocument): string[] {
  const named = {
    'train.script': train.script,
    'train.config': train.config,
    'environment.requirements': environment.requirements,
  };
  return Object.entries(named).flatMap(([key, path]) =>
    path === undefined || existsSync(join(folder, path)) ? [] : [`${key}: there is no ${path} in ${folder}`],
  );
}

/** Slots of `args` that stand for nothing, and what would never reach a script: a hyperparameter, a seed. */
function argumentProblems({ train, hyperparameters }: TaskDocument): string[] {
  const names = Object.keys(hyperparameters);
  const known = [...names, 'config', 'seed', 'trial_dir'];
  const slots = train.args.flatMap((words) =>
    [...words.matchAll(/(?<!\$)\{([A-Za-z_][\w.-]*)\}/g)].flatMap(([, slot]) => slot ?? []),
  );
  const unknown = slots.filter((slot) => !known.includes(slot));
  const unreached = train.config === undefined ? names.filter((name) => !slots.includes(name)) : [];
  const wantsSeed = typeof train.seed === 'object' && 'argument' in train.seed && !slots.includes('seed');
  return [
    ...unknown.map((slot) => `train.args: {${slot}} stands for nothing (${didYouMean(slot, known)})`),
    ...unreached.map(
      (name) =>
        `hyperparameters.${name}: would never reach the script: put {${name}} into train.args, or name the config file (train.config)`,
    ),
    ...(wantsSeed ? ['train.seed: argument: true needs {seed} in train.args, such as "--seed {seed}"'] : []),
  ];
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
  throw invalid(file, [`profile "${name}" does not exist (${didYouMean(name, Object.keys(document.profiles))})`]);
}

function unknownSets(
  document: TaskDocument,
  config: Record<string, unknown> | undefined,
  sets: Readonly<Record<string, HyperparameterValue>>,
  profile: ProfileDocument | undefined,
): string[] {
  const names = Object.keys(document.hyperparameters);
  const isConfigKey = (key: string) => config !== undefined && getConfigValue(config, key) !== undefined;
  const known = [...new Set([...names, ...Object.keys(config ?? {})])];
  const inSets = Object.keys(sets)
    .filter((key) => !names.includes(key) && !isConfigKey(key))
    .map((key) => `--set ${key}: neither a hyperparameter nor a key of the config file (${didYouMean(key, known)})`);
  const seedKey = seedTarget(document.train.seed);
  const ofSeed =
    seedKey?.kind === 'config' && seedKey.key in sets
      ? [`--set ${seedKey.key}: the study sets the training’s seed; choose it with --seed`]
      : [];
  const inProfile = [...Object.keys(profile?.fix ?? {}), ...Object.keys(profile?.hyperparameters ?? {})]
    .filter((name) => !names.includes(name))
    .map((name) => `profile: "${name}" is not a hyperparameter (${didYouMean(name, names)})`);
  const inConfig = Object.keys(profile?.config ?? {})
    .filter((key) => !isConfigKey(key))
    .map((key) => `profile: "${key}" is not a key of the config file (${didYouMean(key, Object.keys(config ?? {}))})`);
  return [...inSets, ...ofSeed, ...inProfile, ...inConfig];
}

/** The space with the config’s defaults, the profile and --set applied, in this order. */
function resolveSpec(
  document: TaskDocument,
  config: Record<string, unknown> | undefined,
  profile: ProfileDocument | undefined,
  sets: Readonly<Record<string, HyperparameterValue>>,
): { resolution: Resolution; defaultsProblems: string[] } {
  const defaultsProblems: string[] = [];
  const withDefaults = Object.entries(document.hyperparameters).map(([name, parameter]) => {
    const found = config === undefined ? undefined : getConfigValue(config, parameter.key ?? name);
    const problem = defaultProblem(name, parameter, found, document.train.config);
    if (problem !== undefined) defaultsProblems.push(problem);
    return [name, { ...parameter, default: parameter.default ?? (isScalar(found) ? found : undefined) }] as const;
  });
  let spec: SearchSpaceSpec = { hyperparameters: Object.fromEntries(withDefaults), constraints: document.constraints };
  for (const [name, change] of Object.entries(profile?.hyperparameters ?? {}))
    spec = changeParameter(spec, name, change);
  let resolution: Resolution = { spec, fixed: [] };
  const fixes = { ...profile?.fix, ...sets };
  for (const [name, value] of Object.entries(fixes)) {
    if (!(name in document.hyperparameters)) continue;
    try {
      resolution = fixParameter(resolution, name, value);
    } catch (error) {
      defaultsProblems.push(`${name in sets ? '--set' : 'profile.fix'} ${name}: ${messageOf(error)}`);
    }
  }
  return { resolution, defaultsProblems };
}

function defaultProblem(
  name: string,
  parameter: HyperparameterSpec,
  found: unknown,
  configFile: string | undefined,
): string | undefined {
  const key = parameter.key ?? name;
  if (configFile !== undefined && found === undefined)
    return `hyperparameters.${name}: ${configFile} has no key "${key}", so its value would never reach the script`;
  if (parameter.default === undefined || found === undefined || found === parameter.default) return undefined;
  return `hyperparameters.${name}: two defaults, ${JSON.stringify(parameter.default)} here and ${JSON.stringify(found)} in ${configFile} (${key}); keep one`;
}

function isScalar(value: unknown): value is HyperparameterValue {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function assemble(
  folder: string,
  file: string,
  document: TaskDocument,
  profile: ChosenProfile | undefined,
  { spec, fixed }: Resolution,
  sets: Readonly<Record<string, HyperparameterValue>>,
): Task {
  const { train, environment } = document;
  const names = Object.keys(document.hyperparameters);
  const otherSets = Object.fromEntries(Object.entries(sets).filter(([key]) => !names.includes(key)));
  const budget = { ...document.budget, ...profile?.settings.budget };
  const timeoutSeconds = profile?.settings.timeout ?? train.timeout;
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
    space: parseSpace(file, spec),
    fixed,
    configChanges: { ...profile?.settings.config, ...otherSets },
    train: {
      script: train.script,
      config: train.config,
      log: train.log === undefined ? undefined : { path: train.log, format: formatOf(train.log, train.pattern) },
      pattern: checkedPattern(file, train.pattern),
      args: train.args,
      timeoutSeconds,
      seed: seedTarget(train.seed),
    },
    evaluate: document.evaluate,
    environment: { python: environment.python, requirements, pass: environment.pass },
    resources: {
      cpus: document.resources.cpus,
      gpus: document.resources.gpus,
      memoryBytes: document.resources.memory,
    },
    profile: profile === undefined ? undefined : { name: profile.name, description: profile.settings.description },
    budget: { trials: budget.trials, maxSeconds: budget.max_time, maxTokens: budget.max_tokens },
    keep: document.keep,
  };
}

function parseSpace(file: string, spec: SearchSpaceSpec): SearchSpace {
  try {
    return parseSearchSpace(spec);
  } catch (error) {
    throw invalid(file, messageOf(error).split('\n'));
  }
}

function formatOf(path: string, pattern: string | undefined): 'jsonl' | 'csv' | 'lines' {
  if (pattern !== undefined) return 'lines';
  const extension = extname(path).toLowerCase();
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl';
  return extension === '.csv' ? 'csv' : 'lines';
}

function checkedPattern(file: string, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern);
  } catch (error) {
    throw invalid(file, [`train.pattern: ${messageOf(error)}`]);
  }
  if (pattern.includes('(?<')) return pattern;
  throw invalid(file, ['train.pattern: needs a named group for each metric, such as (?<val_loss>[0-9.]+)']);
}

function seedTarget(seed: TaskDocument['train']['seed']): SeedTarget | undefined {
  if (seed === undefined) return undefined;
  if (typeof seed === 'string') return { kind: 'config', key: seed };
  if ('config' in seed) return { kind: 'config', key: seed.config };
  return 'environment' in seed ? { kind: 'environment', name: seed.environment } : { kind: 'argument' };
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function invalid(file: string, problems: readonly string[]): AgentHpoError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  return new AgentHpoError({
    code: 'task-invalid',
    message: `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:${list}`,
    hint: `Mend ${problems.length === 1 ? 'it' : 'them'} and run: agenthpo check <task>. docs/formats.md describes every key.`,
  });
}
