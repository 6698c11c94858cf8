import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getConfigValue } from '../config-file.ts';
import { didYouMean } from '../nearest.ts';
import type { TaskDocument } from '../task-schema.ts';
import type { ChosenProfile } from './task-choices.ts';

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

/** What the chosen profile names and the task does not have. */
export function profileProblems(
  { hyperparameters }: TaskDocument,
  config: Record<string, unknown> | undefined,
  profile: ChosenProfile | undefined,
): string[] {
  if (profile === undefined) return [];
  const { name, settings } = profile;
  const known = Object.keys(hyperparameters);
  const strangers = (field: 'fix' | 'hyperparameters') =>
    Object.keys(settings[field])
      .filter((each) => !known.includes(each))
      .map((each) => `profiles.${name}.${field}.${each}: is not a hyperparameter (${didYouMean(each, known)})`);
  const keys = Object.keys(settings.config).filter((key) => getConfigValue(config, key) === undefined);
  return [
    ...strangers('fix'),
    ...strangers('hyperparameters'),
    ...keys.map(
      (key) =>
        `profiles.${name}.config.${key}: is not a key of the config file (${didYouMean(key, Object.keys(config ?? {}))})`,
    ),
  ];
}
