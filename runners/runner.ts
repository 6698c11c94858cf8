import type { AttemptOutcome } from '../study/trial.ts';

/** One training, ready to start. */
export interface RunRequest {
  /** Names this attempt and nothing else, ever: survives the tuner and is found again in the process table. */
  readonly attemptId: string;
  /** The trial’s working copy: current directory of the training. */
  readonly folder: string;
  /** Absolute path of the program, then its arguments; never a shell line. */
  readonly command: readonly string[];
  /** The training’s whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeLimitSeconds: number;
  /** Resident memory of the process tree; undefined for no limit. */
  readonly memoryLimitBytes?: number;
  /** Bytes of output kept in stdout.log; what comes after is read and dropped. */
  readonly outputLimitBytes: number;
}

/** How a training ended. Its meaning (metric, failure cause) is read elsewhere, from its files. */
export interface RunOutcome {
  readonly outcome: AttemptOutcome;
  /** null when it ended by a signal or its end was not seen. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** From start to end; null when unknown (lost). */
  readonly wallSeconds: number | null;
  /** Highest sampled resident memory of the process tree; null when never sampled. */
  readonly peakMemoryBytes: number | null;
}

/**
 * Where trainings run. Resolves for every outcome of the *training*; rejects (AgentHpoError `runner-failed`) only
 * when the runner itself is broken. Once `run` or `recover` has settled, no process of that attempt is left alive.
 */
export interface Runner {
  /** Starts the training and waits for its end. Aborting `signal` ends it: outcome `interrupted`. */
  run(request: RunRequest, signal: AbortSignal): Promise<RunOutcome>;
  /**
   * An attempt that a dead tuner left in `folder`: waits for it when it still runs, reads its result when it has
   * finished meanwhile, else ends whatever is left of it and answers `lost`. After `lost` the attempt can never start.
   * `onWaiting` is called once it is known to be still running.
   */
  recover(folder: string, attemptId: string, signal: AbortSignal, onWaiting?: () => void): Promise<RunOutcome>;
  /** Attempts of any study under `folder` that are still alive although no tuner waits for them. */
  survivors(studyFolder: string): Promise<Survivor[]>;
  /** Ends a survivor and everything it started; resolves when nothing of it is left. */
  end(survivor: Survivor): Promise<void>;
}

export interface Survivor {
  readonly attemptId: string;
  readonly folder: string;
  readonly pid: number;
  readonly startedAt: string;
}
