import type { StudyEvent } from './events.ts';
import type { History } from './history.ts';
import type { Proposal, Trial, TrialResult } from './trial.ts';

/** Decides what to try next: the Creator, a sampler, or a decorator around either. */
export interface Proposer {
  /**
   * At most `count` valid, new configurations (not tried, not pending); fewer only when the space is used up.
   * Deterministic given the history and the study’s seed, except for what a language model adds.
   */
  propose(history: History, pending: readonly Trial[], count: number, signal: AbortSignal): Promise<Proposal[]>;
}

/** Carries out a trial. */
export interface TrialExecutor {
  /** Runs the trial’s next attempt to its end. Every outcome of the training is a value; a broken machine throws. */
  execute(trial: Trial, signal: AbortSignal): Promise<TrialResult>;
  /**
   * A trial that was running when the previous process died: its result, once a surviving or finished training has
   * been adopted; `lost` when nothing of it is left (and nothing of it is still alive).
   */
  recover(trial: Trial, signal: AbortSignal): Promise<TrialResult | 'lost'>;
}

/** The final analysis in the paper’s three parts (AgentHPO §3.3). A model’s words: untrusted text. */
export interface Analysis {
  readonly best: string;
  readonly influence: Readonly<Record<string, string>>;
  readonly future: string;
  readonly by: 'model' | 'offline';
}

/** Looks back over a study. */
export interface Analyst {
  /** undefined when nobody is there to write one (a sampler’s study, or a budget that is spent). */
  conclude(history: History, signal: AbortSignal): Promise<Analysis | undefined>;
}

/** Hears every event after it is on disk. What it does or throws never changes the study. */
export interface StudyListener {
  on(event: StudyEvent): void;
}
