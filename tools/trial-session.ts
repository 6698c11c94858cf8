import type { CurveDigest, Failure, Trial, TrialResult } from '../study/trial.ts';

export interface ConfigsRead {
  /** The config file, relative to the trial’s folder; null for a script that takes flags. */
  readonly file: string | null;
  /** The file’s text (bounded), or the command line with its variables for a script that takes those. */
  readonly text: string;
}

export type ConfigsWritten =
  | { readonly kind: 'written'; readonly file: string | null }
  | { readonly kind: 'rejected'; readonly differences: readonly string[] };

export interface ExecutionReport {
  /** True when the script had been run before: this is the same result again. */
  readonly alreadyRun: boolean;
  readonly state: TrialResult['state'];
  readonly exitCode: number | null;
  readonly value?: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly failure?: Failure;
  readonly curve?: CurveDigest;
  readonly outputTail: string;
}

export interface TrainingLogsLoaded {
  readonly rows: readonly Readonly<Record<string, number>>[];
  /** What was left out, and problems met while reading; empty when there is nothing to say. */
  readonly note: string;
}

/** The Executor’s hands: one trial’s four verbs, exact and safe, with or without a model above them. */
export interface TrialSession {
  readonly trial: Trial;
  readConfigs(): Promise<ConfigsRead>;
  /** Accepts exactly the proposal’s values, else says the difference. May be repeated until the script has run. */
  writeConfigs(values: Readonly<Record<string, unknown>>): Promise<ConfigsWritten>;
  /** Runs the script once, to its end. Writes the configs itself when nobody did. */
  execute(signal: AbortSignal): Promise<ExecutionReport>;
  /** Rows `from` (counted from 0) on, fifty at most; without it an even thinning that keeps the first, best and last. */
  loadTrainingLogs(options: { from?: number }): Promise<TrainingLogsLoaded>;
  /** The trial’s true end; undefined until the training has ended. */
  readonly result: TrialResult | undefined;
}
