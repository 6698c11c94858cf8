import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editConfig } from '../study/config-file.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { Hyperparameters, HyperparameterValue } from '../study/hyperparameter.ts';
import type { Task } from '../study/task.ts';

/** The training’s config as it must be: hyperparameters, fixed ones and other changes by dotted key, and the seed. */
export function configChanges(task: Task, values: Hyperparameters, seed: number): Record<string, HyperparameterValue> {
  const isInConfig = (name: string) => !task.train.outsideConfig.includes(name);
  const active = Object.entries(values)
    .filter(([name]) => isInConfig(name))
    .map(([name, value]) => [task.space.get(name)?.key ?? name, value] as const);
  const fixed = task.fixed.filter(({ name }) => isInConfig(name)).map(({ key, value }) => [key, value] as const);
  const seeded = task.train.seed?.kind === 'config' ? [[task.train.seed.key, seed] as const] : [];
  return Object.fromEntries([...Object.entries(task.configChanges), ...fixed, ...active, ...seeded]);
}

/** The keys of float parameters: 1.0 is written as such, since libraries may take 1 for a count and 1.0 for a share. */
export function floatKeys({ space }: Task): ReadonlySet<string> {
  return new Set(space.parameters.filter(({ type }) => type === 'float').map(({ key }) => key));
}

/**
 * Writes the config into the working copy. The keys of inactive parameters stay as they are. Throws `config-invalid` when
 * the file cannot hold exactly these values (what it says is parsed and compared) or does not read back: nothing may start.
 */
export function writeTrainingConfig(
  folder: string,
  file: string,
  changes: Record<string, HyperparameterValue>,
  floats: ReadonlySet<string>,
): string {
  const path = join(folder, file);
  const text = editConfig(readFileSync(path, 'utf8'), file, changes, { floatKeys: floats });
  // A new file, because the old one may be a link into the task folder. Not synced to the disk, which costs more than
  // everything else between two trainings: the next attempt makes its working copy anew.
  unlinkSync(path);
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  if (readFileSync(path, 'utf8') === text) return text;
  throw new AgentHpoError({
    code: 'config-invalid',
    message: `${file} does not hold what was written to it.`,
    hint: 'Something else writes into the study’s folder; keep it out, then resume the study.',
  });
}
