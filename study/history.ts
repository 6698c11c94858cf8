import type { BudgetLimits, EventOf, StopReason, StudyChanges, StudyEvent } from './events.ts';
import type { Hyperparameters } from './hyperparameter.ts';
import type { ModelQuirk } from './model-quirk.ts';
import { isBetter, type Objective } from './objective.ts';
import type { Analysis } from './roles.ts';
import { parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from './search-space.ts';
import { type Attempt, canFollow, isFinal, type Trial, type TrialState } from './trial.ts';
import { addUsage, NO_USAGE, type Usage, usageOf } from './usage.ts';

export interface Rejection {
  readonly trial: number;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly violations: readonly string[];
}

export type Evaluation = EventOf<'evaluation-finished'>;
export type Confirmation = EventOf<'confirmation-trained'>;

/** A proposal that the user turned down. */
export interface Refusal {
  /** The number that the trial would have had. */
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  /** The user’s own words; may be empty. */
  readonly reason: string;
}

type Role = EventOf<'model-called'>['role'];

/** What one model used in one role. */
export interface UsageByModel {
  readonly role: Role;
  readonly model: string;
  readonly usage: Usage;
}

/** A study’s main model, and the first trial that it could be asked for. */
export interface ModelSince {
  readonly model: string;
  readonly trial: number;
}

export interface StudyEnd {
  readonly status: 'complete' | 'partial' | 'failed' | 'paused';
  readonly reason: StopReason;
  readonly message: string;
  readonly analysis?: Analysis;
}

/**
 * A study’s state, computed from its events and from nothing else. `apply` is the only way it changes; everything
 * read from it (trials, incumbent, usage, active time) is therefore the same after a replay. Trials are replaced,
 * never edited, so a reader may keep one.
 */
export class History {
  #started: EventOf<'study-started'> | undefined;
  #space: SearchSpace | undefined;
  readonly #trials: Trial[] = [];
  readonly #rejections: Rejection[] = [];
  readonly #refusals: Refusal[] = [];
  readonly #inputs: EventOf<'user-input'>[] = [];
  /** Ids of suggestions that became a trial, or could not. */
  readonly #settled = new Set<string>();
  readonly #usage: UsageByModel[] = [];
  readonly #quirks = new Map<string, Set<ModelQuirk>>();
  readonly #evaluations: Evaluation[] = [];
  readonly #confirmations: Confirmation[] = [];
  #incumbent: Trial | undefined;
  #end: StudyEnd | undefined;
  #budget: BudgetLimits = {};
  #changes: StudyChanges = {};
  readonly #models: ModelSince[] = [];
  #codeHash = '';
  #lastSeq = 0;
  #activeMs = 0;
  #lastActiveAt: number | undefined;
  #finishedBefore: ReadonlySet<number> = new Set();
  #startedAt = '';
  #lastEventAt = '';

  /** The study’s first event. Throws before it was applied. */
  get start(): EventOf<'study-started'> {
    if (this.#started === undefined) throw new Error('the history is empty: no study-started event was applied');
    return this.#started;
  }
  get isEmpty(): boolean {
    return this.#started === undefined;
  }
  get startedAt(): string {
    return this.#startedAt;
  }
  get space(): SearchSpace {
    this.#space ??= parseSearchSpace(this.start.space as SearchSpaceSpec);
    return this.#space;
  }
  get objective(): Objective {
    return this.start.objective;
  }
  /** All trials in their order; `trials[n - 1]` is trial n. */
  get trials(): readonly Trial[] {
    return this.#trials;
  }
  get finished(): Trial[] {
    return this.#trials.filter((trial) => isFinal(trial.state));
  }
  /** Proposed, running or interrupted trials: begun and without a final state. */
  get unfinished(): Trial[] {
    return this.#trials.filter((trial) => !isFinal(trial.state));
  }
  get complete(): Trial[] {
    return this.#trials.filter((trial) => trial.state === 'complete');
  }
  /** The best complete trial of the current code version that broke no objective constraint. */
  get incumbent(): Trial | undefined {
    return this.#incumbent;
  }
  get rejections(): readonly Rejection[] {
    return this.#rejections;
  }
  /** What the best and the default configuration were worth when they were trained again, in the order of time. */
  get evaluations(): readonly Evaluation[] {
    return this.#evaluations;
  }
  /** Trainings of single configurations with fresh seeds, in the order of time. */
  get confirmations(): readonly Confirmation[] {
    return this.#confirmations;
  }
  /** What the user turned down: never proposed again. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }
  get inputs(): readonly EventOf<'user-input'>[] {
    return this.#inputs;
  }
  /** Whether the suggestion with this id became a trial, or could not. */
  isSettled(input: string): boolean {
    return this.#settled.has(input);
  }
  /** The latest budget (a resume may raise it). */
  get budget(): BudgetLimits {
    return this.#budget;
  }
  /** What the study does otherwise now than when it began. */
  get changes(): StudyChanges {
    return this.#changes;
  }
  /** The main model now; null when none takes part. */
  get model(): string | null {
    return this.#changes.model ?? this.start.model;
  }
  /** The main models one after another, without those that no trial came of; empty when none takes part. */
  get models(): readonly ModelSince[] {
    return this.#models;
  }
  /** The code version that new trials run; values are only ever compared within one. */
  get codeHash(): string {
    return this.#codeHash;
  }
  get lastSeq(): number {
    return this.#lastSeq;
  }
  /** How the study ended or paused; undefined while it runs (or when its process was killed). */
  get end(): StudyEnd | undefined {
    return this.#end;
  }
  /** When the last event happened, in ISO 8601. */
  get lastEventAt(): string {
    return this.#lastEventAt;
  }
  /** Trials that got their final state since the study began or was last resumed. */
  get finishedSinceResume(): Trial[] {
    return this.finished.filter((trial) => !this.#finishedBefore.has(trial.number));
  }
  /** The trials of the current code version: the only ones whose values may be compared, or count as already tried. */
  get current(): Trial[] {
    return this.#trials.filter((trial) => this.isCurrent(trial));
  }
  /** Active time in seconds, summed over resumes; the gap between a kill and the resume does not count. */
  get activeSeconds(): number {
    return this.#activeMs / 1000;
  }

  /** What this study learned that a model’s server refuses. */
  quirksOf(model: string): ReadonlySet<ModelQuirk> {
    return this.#quirks.get(model) ?? new Set();
  }

  /** Usage of one role, or of all together. */
  usage(role?: Role): Usage {
    const asked = role === undefined ? this.#usage : this.#usage.filter((each) => each.role === role);
    return asked.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
  }

  /** Usage by role and model, in the order of their first requests. */
  get usageByModel(): readonly UsageByModel[] {
    return this.#usage;
  }

  trial(number: number): Trial | undefined {
    return this.#trials[number - 1];
  }

  /** Whether a value of this trial may be compared with the incumbent’s. */
  isCurrent(trial: Trial): boolean {
    return (trial.attempts.at(-1)?.codeHash ?? this.#codeHash) === this.#codeHash;
  }

  apply(event: StudyEvent): void {
    this.#lastSeq = event.seq;
    this.#lastEventAt = event.at;
    this.#countTime(event);
    switch (event.event) {
      case 'study-started':
        this.#started = event;
        this.#startedAt = event.at;
        this.#budget = event.budget;
        this.#codeHash = event.codeHash;
        this.#useModel(event.model);
        return;
      case 'model-called':
        this.#use(event);
        return;
      case 'model-learned':
        this.#quirks.set(event.model, new Set([...this.quirksOf(event.model), event.quirk]));
        return;
      case 'proposal-rejected':
        this.#reject(event);
        return;
      case 'trial-proposed':
        this.#add(event);
        return;
      case 'attempt-started':
        this.#startAttempt(event);
        return;
      case 'attempt-ended':
        this.#endAttempt(event);
        return;
      case 'trial-finished':
        this.#finish(event);
        return;
      case 'user-input':
        this.#inputs.push(event);
        return;
      case 'budget-reached':
        return;
      case 'study-paused':
        this.#end = { status: 'paused', reason: event.reason, message: event.message };
        return;
      case 'study-resumed':
        this.#end = undefined;
        this.#finishedBefore = new Set(this.finished.map((trial) => trial.number));
        this.#budget = event.budget;
        this.#changes = { ...this.#changes, ...event.changes };
        this.#useModel(this.model);
        if (event.codeHash !== this.#codeHash) {
          this.#codeHash = event.codeHash;
          this.#incumbent = undefined;
        }
        return;
      case 'study-finished':
        this.#end = { status: event.status, reason: event.reason, message: event.message, ...analysisOf(event) };
        return;
      case 'evaluation-finished':
        this.#evaluations.push(event);
        return;
      case 'confirmation-trained':
        this.#confirmations.push(event);
    }
  }

  #useModel(model: string | null): void {
    if (model === null || model === this.#models.at(-1)?.model) return;
    const trial = this.#trials.length + 1;
    if (this.#models.at(-1)?.trial === trial) this.#models.pop(); // it proposed nothing
    this.#models.push({ model, trial });
  }

  #use(event: EventOf<'model-called'>): void {
    const { role, model } = event;
    const index = this.#usage.findIndex((each) => each.role === role && each.model === model);
    const before = this.#usage[index]?.usage ?? NO_USAGE;
    this.#usage.splice(index < 0 ? this.#usage.length : index, 1, {
      role,
      model,
      usage: addUsage(before, usageOf(event)),
    });
  }

  /** The user’s part is kept apart: neither a suggestion nor a refusal is a mistake that a model can learn from. */
  #reject(event: EventOf<'proposal-rejected'>): void {
    const { trial, hyperparameters, violations, by, input } = event;
    if (input !== undefined) this.#settled.add(input);
    else if (by === 'user') {
      const valid = hyperparameters as Hyperparameters; // nothing else is put before a user
      this.#refusals.push({ trial, hyperparameters: valid, reason: violations.join('; ') });
    } else this.#rejections.push({ trial, hyperparameters, violations });
  }

  #add(event: EventOf<'trial-proposed'> & StudyEvent): void {
    const expected = this.#trials.length + 1;
    if (event.trial !== expected) throw new Error(`trial ${event.trial} was proposed where trial ${expected} is next`);
    if (event.proposal.input !== undefined) this.#settled.add(event.proposal.input);
    this.#trials.push({
      number: event.trial,
      state: 'proposed',
      proposal: event.proposal,
      proposedAt: event.at,
      attempts: [],
      metrics: {},
      brokenConstraints: [],
    });
  }

  #startAttempt(event: EventOf<'attempt-started'> & StudyEvent): void {
    const { attempt, codeHash, configHash } = event;
    this.#change(event.trial, 'running', (trial) => ({
      attempts: [...trial.attempts, { attempt, startedAt: event.at, codeHash, configHash }],
    }));
  }

  #endAttempt(event: EventOf<'attempt-ended'> & StudyEvent): void {
    const trial = this.#require(event.trial);
    const { outcome, exitCode, signal, wallSeconds, peakMemoryBytes } = event;
    const ended = { endedAt: event.at, outcome, exitCode, signal, wallSeconds, peakMemoryBytes };
    const attempts = trial.attempts.map(
      (each): Attempt => (each.attempt === event.attempt ? { ...each, ...ended } : each),
    );
    const isOver = outcome === 'interrupted' || outcome === 'lost';
    if (isOver) this.#change(event.trial, 'interrupted', () => ({ attempts }));
    else this.#trials[event.trial - 1] = { ...trial, attempts };
  }

  #finish(event: EventOf<'trial-finished'> & StudyEvent): void {
    const { state, metrics, brokenConstraints, value, failure, curve, summary, summaryBy, withheld } = event;
    this.#change(event.trial, state, () => ({
      metrics,
      brokenConstraints,
      value,
      failure,
      curve,
      summary,
      summaryBy,
      withheld,
      finishedAt: event.at,
    }));
    const trial = this.#require(event.trial);
    if (this.#isNewIncumbent(trial)) this.#incumbent = trial;
  }

  #isNewIncumbent(trial: Trial): boolean {
    if (trial.state !== 'complete' || trial.value === undefined || trial.brokenConstraints.length > 0) return false;
    if (!this.isCurrent(trial)) return false;
    const best = this.#incumbent?.value;
    return best === undefined || isBetter(trial.value, best, this.objective.direction);
  }

  #change(number: number, state: TrialState, next: (trial: Trial) => Partial<Trial>): void {
    const trial = this.#require(number);
    if (!canFollow(trial.state, state)) throw new Error(`trial ${number} cannot go from ${trial.state} to ${state}`);
    this.#trials[number - 1] = { ...trial, ...next(trial), state };
  }

  #require(number: number): Trial {
    const trial = this.#trials[number - 1];
    if (trial === undefined) throw new Error(`trial ${number} was never proposed`);
    return trial;
  }

  /** What is trained after the study stands between two stretches of its active time, in neither. */
  #countTime(event: StudyEvent): void {
    if (event.event === 'evaluation-finished' || event.event === 'confirmation-trained') return;
    const at = Date.parse(event.at);
    const restarted = event.event === 'study-started' || event.event === 'study-resumed';
    if (!restarted && this.#lastActiveAt !== undefined) this.#activeMs += Math.max(0, at - this.#lastActiveAt);
    this.#lastActiveAt = at;
  }
}

function analysisOf(event: EventOf<'study-finished'>): { analysis?: Analysis } {
  return event.analysis === undefined ? {} : { analysis: event.analysis };
}
