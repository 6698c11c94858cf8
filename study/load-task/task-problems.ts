import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getConfigValue } from '../config-file.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import { didYouMean } from '../nearest.ts';
import type { ProfileDocument, TaskDocument } from '../task-schema.ts';
import { seedTarget } from './train-settings.ts';

/** Files that task.yaml names and the folder lacks. */
export function missingFiles(folder: string, { train, environment, data }: TaskDocument): string[] {
  const named = {
    'train.script': train.script,
    'train.config': train.config,
    'environment.requirements': environment.requirements,
    'data.prepare': data?.prepare,
  };
  return Object.entries(named).flatMap(([key, path]) =>
    path === undefined || existsSync(join(folder, path)) ? [] : [`${key}: there is no ${path} in ${folder}`],
  );
}

/** Slots of `args` that stand for nothing, and what would never reach a script: a hyperparameter, a seed. */
export function argumentProblems({ train, hyperparameters, data }: TaskDocument): string[] {
  const names = Object.keys(hyperparameters);
  const slots = slotsOf(train.args);
  const unreached = train.config === undefined ? names.filter((name) => !slots.includes(name)) : [];
  const wantsSeed = typeof train.seed === 'object' && 'argument' in train.seed && !slots.includes('seed');
  return [
    ...unknownSlots('train.args', slots, names),
    ...unknownSlots('data.stand_in', slotsOf(data?.stand_in ?? []), names),
    ...unreached.map(
      (name) =>
        `hyperparameters.${name}: would never reach the script: put {${name}} into train.args, or name the config file (train.config)`,
    ),
    ...(wantsSeed ? ['train.seed: argument: true needs {seed} in train.args, such as "--seed {seed}"'] : []),
  ];
}

function slotsOf(templates: readonly string[]): string[] {
  return templates.flatMap((words) =>
    [...words.matchAll(/(?<!\$)\{([A-Za-z_][\w.-]*)\}/g)].flatMap(([, slot]) => slot ?? []),
  );
}

function unknownSlots(key: string, slots: readonly string[], names: readonly string[]): string[] {
  const known = [...names, 'config', 'seed', 'trial_dir'];
  return slots
    .filter((slot) => !known.includes(slot))
    .map((slot) => `${key}: {${slot}} stands for nothing (${didYouMean(slot, known)})`);
}

/** What --set and the profile name and the task does not have. */
export function unknownSets(
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
