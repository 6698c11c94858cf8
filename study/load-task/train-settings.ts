import { extname } from 'node:path';
import { messageOf } from '../errors.ts';
import type { SeedTarget, TrainSettings } from '../task.ts';
import type { TaskDocument } from '../task-schema.ts';
import { invalidTask } from './invalid-task.ts';
import type { TaskFile } from './task-file.ts';

/** What the chosen profile and the command line change in it. */
interface TrainChanges {
  readonly timeoutSeconds?: number;
  /** Words after the task’s own. */
  readonly moreArguments?: readonly string[];
  /** Hyperparameters that the config file has no key for. */
  readonly outsideConfig: readonly string[];
}

/** How the script is trained. Throws `task-invalid` for a pattern that cannot be used. */
export function trainSettings(file: TaskFile, { train }: TaskDocument, changes: TrainChanges): TrainSettings {
  return {
    script: train.script,
    config: train.config,
    log: train.log === undefined ? undefined : { path: train.log, format: formatOf(train.log, train.pattern) },
    pattern: checkedPattern(file, train.pattern),
    args: [...train.args, ...(changes.moreArguments ?? [])],
    env: train.env,
    outsideConfig: changes.outsideConfig,
    timeoutSeconds: changes.timeoutSeconds ?? train.timeout,
    seed: seedTarget(train.seed),
  };
}

function formatOf(path: string, pattern: string | undefined): 'jsonl' | 'csv' | 'lines' {
  if (pattern !== undefined) return 'lines';
  const extension = extname(path).toLowerCase();
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl';
  return extension === '.csv' ? 'csv' : 'lines';
}

function checkedPattern(file: TaskFile, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern);
  } catch (error) {
    throw invalidTask(file, [`train.pattern: ${messageOf(error)}`]);
  }
  if (pattern.includes('(?<')) return pattern;
  throw invalidTask(file, ['train.pattern: needs a named group for each metric, such as (?<val_loss>[0-9.]+)']);
}

export function seedTarget(seed: TaskDocument['train']['seed']): SeedTarget | undefined {
  if (seed === undefined) return undefined;
  if (typeof seed === 'string') return { kind: 'config', key: seed };
  if ('config' in seed) return { kind: 'config', key: seed.config };
  return 'environment' in seed ? { kind: 'environment', name: seed.environment } : { kind: 'argument' };
}
