/** What a report says besides what the log holds; whoever writes the report passes it in. */
export interface ReportFacts {
  readonly taskTitle: string;
  readonly taskName: string;
  readonly studyFolder: string;
  /** What the config file’s path, and the patch, are relative to. */
  readonly taskFolder?: string;
  /** Command lines; the first as it was typed, after the change into the folder where it was. */
  readonly reproduceCommand: string;
  readonly resumeCommand: string;
  /** Trains once with the best values, in the task’s folder. */
  readonly trainCommand?: string;
  /** Writes the best values into the script’s config file, when that changes anything. */
  readonly applyCommand?: string;
  /** Trains the best and the default configuration under fresh seeds, judged as in the study. */
  readonly repeatCommand?: string;
  /** Whether the study’s seed reaches the script at all. */
  readonly passesSeed?: boolean;
  /** Judges both on what the study never saw, when the task says how. */
  readonly evaluateCommand?: string;
  /** Trains once with the defaults and shows what happens. */
  readonly checkCommand?: string;
  /** The training script’s file name and what the task says about its data. */
  readonly script?: string;
  readonly dataset?: string;
  /** What the profile says its results are not. */
  readonly caveat?: string;
  /** By program: agenthpo, Node, Python … */
  readonly versions: Readonly<Record<string, string>>;
  readonly durationSeconds: number;
  /** What a profile or --set fixed: every trial had it, the defaults’ as well. */
  readonly fixed?: Readonly<Record<string, number | string | boolean | null>>;
  /** The script’s config file with the defaults and with the best values. */
  readonly configFile?: { readonly path: string; readonly defaultText: string; readonly bestText: string };
  /** Why there is no such change: the file is no longer the one that the study began with. */
  readonly configProblem?: string;
  /** What a Gaussian process over the trials infers of the noise, where nothing was trained twice. `deviation` in the metric’s unit. */
  readonly inferredNoise?: { readonly deviation: number; readonly values: number };
  /** Rows of the validation data, when known: what the noise of an accuracy follows from. */
  readonly validationCount?: number;
  readonly dataIsStandIn: boolean;
  /** Who proposed, in words: `gpt-4o-mini`, `the offline optimiser`, `random search`. */
  readonly modelLabel: string;
}

/** A training log’s row: numbers by name. The same shape as training/training-log.ts, which this room may not import. */
export type CurveRow = Readonly<Record<string, number>>;

/** Training logs by trial number, for the trials that have one. */
export type Curves = ReadonlyMap<number, readonly CurveRow[]>;
