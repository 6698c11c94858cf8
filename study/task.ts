import type { HyperparameterValue } from './hyperparameter.ts';
import type { Objective } from './objective.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trivial } from './trivial.ts';

/** Where the seed of a training goes. */
export type SeedTarget =
  | { readonly kind: 'config'; readonly key: string }
  | { readonly kind: 'argument' }
  | { readonly kind: 'environment'; readonly name: string };

/** How a script is trained. Paths are relative to the task folder (and so to the working copy). */
export interface TrainSettings {
  readonly script: string;
  /** The script’s own config file; hyperparameters are written into it by key. */
  readonly config?: string;
  /** The training log; without one the script’s stdout is read. */
  readonly log?: { readonly path: string; readonly format: 'jsonl' | 'csv' | 'lines' };
  /** For `lines`: a regular expression with named groups, one per metric, beside `METRIC name=value`. */
  readonly pattern?: string;
  /** Words of the command line, with `{hyperparameter}`, `{config}`, `{seed}` and `{trial_dir}` to be filled. */
  readonly args: readonly string[];
  /** Environment variables by name, with the same slots as `args`. */
  readonly env: Readonly<Record<string, string>>;
  /** Hyperparameters that `config` has no key for: they reach the script by `args` or `env` alone. */
  readonly outsideConfig: readonly string[];
  readonly timeoutSeconds?: number;
  readonly seed?: SeedTarget;
}

/** How a task’s data comes to be there. */
export interface DataSettings {
  /** A Python script in the task folder, run before a study’s first training; it ends with 0 when the data is there. */
  readonly prepare?: string;
  /** Arguments that make the training generate data of the same format. */
  readonly standIn?: readonly string[];
  /** Whether `prepare` may use the network. */
  readonly network: boolean;
}

/** A hyperparameter that a profile or --set took out of the search. */
export interface FixedParameter {
  readonly name: string;
  readonly key: string;
  readonly value: HyperparameterValue;
}

/** A task folder, read, checked and resolved: profile applied, --set applied, missing defaults taken from the config. */
export interface Task {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly dataset?: string;
  readonly model?: string;
  readonly goal?: string;
  /** README.md of the folder, whole. */
  readonly readme?: string;
  readonly objective: Objective;
  /** `objective.trivial`: what is reached without learning. No part of the objective: no trial is judged by it. */
  readonly trivial?: Trivial;
  readonly space: SearchSpace;
  readonly fixed: readonly FixedParameter[];
  /** Other config keys (dotted) set by the profile or --set. */
  readonly configChanges: Readonly<Record<string, HyperparameterValue>>;
  readonly train: TrainSettings;
  readonly evaluate?: { readonly args: readonly string[]; readonly metric: string };
  readonly data?: DataSettings;
  /** Trains on generated data (`--stand-in`): `train.args` tells the script. */
  readonly dataIsStandIn: boolean;
  readonly environment: {
    /** An interpreter or venv named by the task, relative to the folder or absolute. */
    readonly python?: string;
    /** Default: requirements.txt when the folder has one. */
    readonly requirements?: string;
    readonly pass: readonly string[];
    /** Whether a sandboxed training may use the network; one without a sandbox always may. */
    readonly network: boolean;
  };
  readonly resources: { readonly cpus?: number; readonly gpus?: number; readonly memoryBytes?: number };
  /** The names of all profiles. */
  readonly profiles: readonly string[];
  /** `caveat`: what its numbers are not, said wherever they are shown. */
  readonly profile?: { readonly name: string; readonly description?: string; readonly caveat?: string };
  readonly budget: { readonly trials?: number; readonly maxSeconds?: number; readonly maxTokens?: number };
  /** How many trials’ outputs stay, best first. */
  readonly keep: number;
}
