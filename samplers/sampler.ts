import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';

/** What a sampler learns from: a configuration and what came of it. */
export interface Observation {
  readonly hyperparameters: Hyperparameters;
  /** Lower is better, whatever the task’s direction; null for a trial without a value (failed, timed out, infeasible). */
  readonly loss: number | null;
  /** Of another study: learned from, never counted as tried in this one. */
  readonly isEarlier?: boolean;
}

export interface SamplerRequest {
  readonly space: SearchSpace;
  readonly observations: readonly Observation[];
  /** Configurations under way: never proposed again, and taken into account where the method can. */
  readonly pending: readonly Hyperparameters[];
  /** Tried, but with values that mean nothing here (another version of the code): only never proposed again. */
  readonly excluded?: readonly Hyperparameters[];
  /** The standard deviation of the loss between trainings of one configuration, where it was measured by repeats. */
  readonly noise?: number;
  /** How many configurations are wanted; at least 1. */
  readonly count: number;
  /** The study’s, the same in every request of a study: what a method whose points belong to one sequence derives it from. */
  readonly seed: number;
  /** Another stream for every request. */
  readonly random: Random;
}

/** A configuration and what its sampler knows about the choice. */
export interface Suggestion {
  readonly hyperparameters: Hyperparameters;
  /** How it was found, as a phrase of computed facts. */
  readonly how: string;
  /** The loss that the sampler’s model expects, with one standard deviation to either side; where there is a model. */
  readonly predicted?: { readonly loss: number; readonly low: number; readonly high: number };
}

/**
 * A classical proposer: pure, seeded by `random`, knowing only the space and the history. Answers valid configurations
 * that differ from every observation, every pending one and each other; fewer than `count` only when no more exist
 * (or, in a space with constraints, none was found in a bounded search).
 */
export interface Sampler {
  /** As `--strategy` and a trial’s origin write it. */
  readonly name: string;
  suggest(request: SamplerRequest): Suggestion[];
}
