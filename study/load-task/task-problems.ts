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

/** A trivial baseline that no training could ever be compared with. */
export function trivialProblems({ objective: { metric, trivial } }: TaskDocument): string[] {
  if (trivial !== metric) return [];
  return [`objective.trivial: is the metric itself; name what the script records beside it, such as trivial_${metric}`];
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
