import { getConfigValue } from '../config-file.ts';
import { AgentHpoError } from '../errors.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import { didYouMean } from '../nearest.ts';
import { shellWords } from '../shell-words.ts';
import type { ProfileDocument, TaskDocument } from '../task-schema.ts';
import { invalidTask } from './invalid-task.ts';
import type { TaskFile } from './task-file.ts';
import { seedTarget } from './train-settings.ts';

/** What the command line asks of a task that does not fit it: nothing in the folder needs mending. */
export function choiceError(problems: readonly string[], { reference }: TaskFile): AgentHpoError {
  return new AgentHpoError({
    code: 'usage',
    message: problems.join('\n'),
    hint: `${shellWords(['agenthpo', 'check', reference])} shows the hyperparameters with their ranges, and the profiles.`,
  });
}

export interface ChosenProfile {
  readonly name: string;
  readonly settings: ProfileDocument;
}

/** The profile named on the command line, else the task’s own default. Throws `usage`, or `task-invalid` for the task’s own. */
export function chooseProfile(
  file: TaskFile,
  { profile: own, profiles }: TaskDocument,
  named: string | undefined,
): ChosenProfile | undefined {
  const name = named ?? own;
  if (name === undefined) return undefined;
  const settings = new Map(Object.entries(profiles)).get(name);
  if (settings !== undefined) return { name, settings };
  const known = Object.keys(profiles);
  if (named === undefined)
    throw invalidTask(file, [`profile: "${name}" is not one of the profiles (${didYouMean(name, known)})`]);
  const there = known.length === 0 ? 'this task has no profiles' : `this task has ${known.join(', ')}`;
  throw choiceError([`--profile ${name}: there is no such profile; ${there}.`], file);
}

/** What `--set` names and the task does not have, or keeps for itself. */
export function setProblems(
  document: TaskDocument,
  config: Record<string, unknown> | undefined,
  sets: Readonly<Record<string, HyperparameterValue>>,
): string[] {
  const names = Object.keys(document.hyperparameters);
  const known = [...new Set([...names, ...Object.keys(config ?? {})])];
  const isKnown = (key: string) => names.includes(key) || getConfigValue(config, key) !== undefined;
  const seed = seedTarget(document.train.seed);
  const unknown = Object.keys(sets).filter((key) => !isKnown(key));
  return [
    ...unknown.map(
      (key) => `--set ${key}: neither a hyperparameter nor a key of the config file (${didYouMean(key, known)})`,
    ),
    ...(seed?.kind === 'config' && seed.key in sets
      ? [`--set ${seed.key}: the study sets the training’s seed; choose it with --seed`]
      : []),
  ];
}
