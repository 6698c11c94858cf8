import type { Hyperparameters, HyperparameterValue } from './hyperparameter.ts';

export type TrialState = 'proposed' | 'running' | 'complete' | 'pruned' | 'failed' | 'timed-out' | 'interrupted';

const NEXT_STATES: Record<TrialState, readonly TrialState[]> = {
  proposed: ['running', 'failed'],
  running: ['complete', 'pruned', 'failed', 'timed-out', 'interrupted'],
  interrupted: ['running', 'failed'], // not final: resume makes the next attempt, or gives up after three lost ones
  complete: [],
  pruned: [],
  failed: [],
  'timed-out': [],
};

/** Final states never change. */
export function isFinal(state: TrialState): boolean {
  return NEXT_STATES[state].length === 0;
}

export function canFollow(from: TrialState, to: TrialState): boolean {
  return NEXT_STATES[from].includes(to);
}

/**
 * Who proposed a trial: one of these, or a sampler by its name (the log stays readable whichever samplers there are).
 * A fallback point carries its sampler’s origin and `fallback: true`.
 */
export type Origin = 'default' | 'creator' | 'offline' | 'user' | (string & Record<never, never>);

/** How an origin is written: lower-case words, `quasi-random`. */
export const ORIGIN_FORM = /^[a-z][a-z0-9]*([-:][a-z0-9]+)*$/;

/** Why a trial has no value. The first four are explained by no hyperparameter; see `isScriptsFault`. */
export const FAILURE_CAUSES = [
  'import',
  'data',
  'no-metric',
  'crash',
  'out-of-memory',
  'diverged',
  'timed-out',
  'config',
  'infrastructure',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export interface Failure {
  readonly cause: FailureCause;
  /** One line: what happened. */
  readonly message: string;
  /** The end of the training’s output (the traceback), cut to a stated size; may be empty. */
  readonly tail: string;
  /** One action that mends it, for a person, where one is known. */
  readonly hint?: string;
}

/** What the proposer thinks the trial will do, checked against what it did. */
export interface Expectation {
  readonly outcome: 'better' | 'similar' | 'worse';
  readonly value?: number;
}

/** What a statistical model expects of a configuration, in the metric’s own unit. */
export interface Prediction {
  readonly value: number;
  /** About two in three outcomes lie from `low` to `high`. */
  readonly low: number;
  readonly high: number;
}

/** A configuration that the optimiser of the `hybrid` strategy offered. */
export interface OfferedCandidate {
  /** Counts from 1, the optimiser’s own choice. */
  readonly number: number;
  readonly hyperparameters: Hyperparameters;
  readonly predicted: Prediction;
}

/** How a proposal stands to the candidates that were offered: found by code from the values, never by a model’s word. */
export interface Advice {
  /** A candidate as it was; one with at most half of its values changed; anything else. */
  readonly taken: 'adopted' | 'adapted' | 'overruled';
  /** The one that was adopted or adapted; of an overruled optimiser its own choice. */
  readonly candidate: OfferedCandidate;
  /** What was expected of the proposal itself. */
  readonly predicted: Prediction;
}

/** Hyperparameters plus rationale: what a proposer hands over. */
export interface Proposal {
  readonly origin: Origin;
  /** The active hyperparameters, all of them, valid in the space. */
  readonly hyperparameters: Hyperparameters;
  /** The proposer’s reasoning in prose. A model’s words: untrusted text. */
  readonly rationale?: string;
  /** The trial that `reasons` compare with; `default` means the task’s defaults. */
  readonly basedOn?: number | 'default';
  /** Why each value that differs from `basedOn` was chosen, by hyperparameter. */
  readonly reasons?: Readonly<Record<string, string>>;
  readonly expects?: Expectation;
  /** In the `hybrid` strategy, once there are candidates. */
  readonly advice?: Advice;
  readonly intent?: 'explore' | 'exploit';
  /** A sampler’s point used because the model had no acceptable one. */
  readonly fallback?: boolean;
  /** The id of the `user-input` that suggested it. */
  readonly input?: string;
  /** Reserved: files whose content this proposal replaces. */
  readonly code?: readonly CodeArtefact[];
}

export interface CodeArtefact {
  readonly path: string;
  readonly content: string;
  readonly sha256: string;
}

/** The shape of a training curve in a few numbers; all values of the objective’s metric unless said otherwise. */
export interface CurveDigest {
  /** Rows of the training log that carry the metric. */
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly best: number;
  /** Step (epoch) of the best row, counted as the log counts, and of the last row. */
  readonly bestStep: number;
  readonly lastStep: number;
  /** A diverging run: NaN or infinity (see `notFiniteFrom`), or a last value far worse than the first. */
  readonly diverged: boolean;
  /** Still improving when training ended: a downward trend of the last third or a step of the last tenth, beyond its noise. */
  readonly stillImproving: boolean;
  /** Validation got worse for good, beyond its noise, while training went on improving. */
  readonly overfitting: boolean;
  /** At most ten [step, value] pairs, the first, the last and the best among them. */
  readonly sample: readonly (readonly [number, number])[];
  /** The first step of the last rows when those hold no finite number; `last` is then the value before it. */
  readonly notFiniteFrom?: number;
  /** How far a value of the last third lies from the curve’s trend there, as a standard deviation; 0 of a smooth curve. Of six rows or more. */
  readonly jitter?: number;
  /** The training counterpart of the metric at the row whose value counts, when the log has one. */
  readonly training?: number;
  /** That counterpart has less than half of the value’s loss or errors: the model fits far better than it generalises. */
  readonly largeGap?: boolean;
}

export type AttemptOutcome = 'exited' | 'timed-out' | 'memory-limit' | 'interrupted' | 'lost';

/** One start of a trial’s training. */
export interface Attempt {
  readonly attempt: number;
  readonly startedAt: string;
  readonly codeHash: string;
  readonly configHash: string;
  readonly endedAt?: string;
  readonly outcome?: AttemptOutcome;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly wallSeconds?: number | null;
  readonly peakMemoryBytes?: number | null;
}

/** One proposal tried once. */
export interface Trial {
  /** Counts from 1. */
  readonly number: number;
  readonly state: TrialState;
  readonly proposal: Proposal;
  readonly proposedAt: string;
  readonly attempts: readonly Attempt[];
  /** Every number the training recorded, by name: the row that counts, plus `wall_seconds` and `peak_memory_mib`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The objective’s value: in `complete` and `pruned` trials, never elsewhere. */
  readonly value?: number;
  /** Objective constraints this trial broke; with any, it is never the incumbent. */
  readonly brokenConstraints: readonly string[];
  readonly failure?: Failure;
  readonly curve?: CurveDigest;
  readonly summary?: string;
  /** Whose words the summary is. */
  readonly summaryBy?: 'model' | 'offline' | 'code';
  /** Names of environment variables that the training did not get although they were set. */
  readonly withheld?: readonly string[];
  readonly finishedAt?: string;
}

/** What an executor reports: the trial’s end, as a value. `interrupted` is not final. */
export interface TrialResult {
  readonly state: 'complete' | 'pruned' | 'failed' | 'timed-out' | 'interrupted';
  readonly metrics: Readonly<Record<string, number>>;
  readonly value?: number;
  /** What the proposer is told in its place, in an ablation with noise. */
  readonly toldValue?: number;
  readonly failure?: Failure;
  readonly curve?: CurveDigest;
  readonly summary?: string;
  readonly summaryBy?: 'model' | 'offline' | 'code';
  readonly withheld?: readonly string[];
  /** Why the model beside the training fell silent, with what to do: the trial stands, and the study pauses after it. */
  readonly modelUnavailable?: string;
}

/** The names and values in which `values` differs from `base` (added, changed or gone). */
export function differingNames(values: Hyperparameters, base: Hyperparameters): string[] {
  const names = new Set([...Object.keys(base), ...Object.keys(values)]);
  return [...names].filter((name) => !Object.is(values[name], base[name]));
}

export type { Hyperparameters, HyperparameterValue };
