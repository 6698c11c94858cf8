import { existsSync, rmSync } from 'node:fs';
import { runPaths } from '../runners/run-paths.ts';
import type { Runner, RunOutcome, RunRequest } from '../runners/runner.ts';
import { sync } from '../study/durable-files.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Journal } from '../study/journal.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Trial, TrialResult } from '../study/trial.ts';
import type { LogRow } from '../training/training-log.ts';
import { attemptId, knownOutcome } from './attempt.ts';
import { whileFollowing } from './follow-training.ts';
import { missedVariables } from './missed-variables.ts';
import {
  commandArguments,
  configText,
  copyTask,
  environmentVariables,
  type PreparedTraining,
  prepareTraining,
  type TrainingSetup,
} from './prepare-training.ts';
import { outputTail, readOutcome, readTrainingLogOf, trainingLogFile } from './read-outcome.ts';
import { selectRows } from './select-rows.ts';
import { defaultTimeLimit } from './time-limit.ts';
import type {
  ConfigsRead,
  ConfigsWritten,
  ExecutionReport,
  TrainingLogsLoaded,
  TrialSession,
} from './trial-session.ts';
import { differencesFrom } from './trial-values.ts';

export interface TrialSessionDeps extends TrainingSetup {
  readonly journal: Journal;
  readonly runner: Runner;
  readonly studyFolder: string;
  /** The time limit the user set; null for the task’s, else the default. */
  readonly timeoutSeconds: number | null;
  readonly outputLimitBytes: number;
  /** Told of each row of the training log while the script writes it. Must not throw. */
  readonly onEpoch: (trial: number, row: LogRow) => void;
  /** Told what `recover` finds of the training, before it waits for its end. Must not throw. */
  readonly onRecovery?: (trial: Trial, found: FoundTraining) => void;
  /** Told when the log cannot be followed; the training and its value do not depend on it. */
  readonly onFollowError: (error: unknown) => void;
}

/** What is found of a training that a dead process left. */
export type FoundTraining = 'running' | 'finished' | 'gone';

const SHOWN_CONFIG_CHARACTERS = 8_000;
const SHOWN_OUTPUT_CHARACTERS = 4_000;

/** One trial’s next attempt (or, through `recover`, its last one) on a {@link Runner}. */
export class LocalTrialSession implements TrialSession {
  readonly trial: Trial;
  readonly #deps: TrialSessionDeps;
  readonly #folder: string;
  #isCopied = false;
  #report: ExecutionReport | undefined;
  #result: TrialResult | undefined;

  constructor(trial: Trial, deps: TrialSessionDeps) {
    this.trial = trial;
    this.#deps = deps;
    this.#folder = studyPaths(deps.studyFolder).trial(trial.number);
  }

  get result(): TrialResult | undefined {
    return this.#result;
  }

  async readConfigs(): Promise<ConfigsRead> {
    this.#copyOnce();
    const { task, redact } = this.#deps;
    const text = configText(this.#deps, this.#folder);
    const variables = environmentVariables(this.#deps, this.#folder, this.#hyperparameters);
    const command = [
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      task.train.script,
      ...commandArguments(this.#deps, this.#folder, this.#hyperparameters),
    ];
    return {
      file: task.train.config ?? null,
      text: redact(text ?? command.join(' ')).slice(0, SHOWN_CONFIG_CHARACTERS),
    };
  }

  async writeConfigs(values: Readonly<Record<string, unknown>>): Promise<ConfigsWritten> {
    const differences = differencesFrom(this.#hyperparameters, values);
    if (this.#report !== undefined) differences.push('the script has already run: its config can no longer change');
    if (differences.length > 0) return { kind: 'rejected', differences };
    const prepared = this.#prepareOrFail();
    if ('failure' in prepared) return { kind: 'rejected', differences: [prepared.failure.failure?.message ?? ''] };
    return { kind: 'written', file: this.#deps.task.train.config ?? null };
  }

  async execute(signal: AbortSignal): Promise<ExecutionReport> {
    if (this.#report !== undefined) return { ...this.#report, alreadyRun: true };
    const attempt = this.trial.attempts.length + 1;
    await this.#endUnlogged(attempt);
    const prepared = this.#prepareOrFail();
    if ('failure' in prepared) return this.#conclude(prepared.failure, null);
    const outcome = await this.#train(prepared, attempt, signal);
    const result = readOutcome(this.#deps.task, this.#folder, outcome, this.#deps.redact);
    return this.#conclude({ ...result, ...missedVariables(result, prepared.withheld) }, outcome);
  }

  /** The last attempt, left by a dead process: adopted live or finished; `lost` when nothing of it is left. */
  async recover(signal: AbortSignal): Promise<TrialResult | 'lost'> {
    const last = this.trial.attempts.at(-1);
    if (last === undefined) return 'lost';
    const known = knownOutcome(last);
    const outcome = known ?? (await this.#adopt(last.attempt, signal));
    // A tuner that died with its training costs no attempt: only losses under a living tuner are counted as lost.
    if (known === undefined)
      this.#recordEnd(last.attempt, outcome.outcome === 'lost' ? { ...outcome, outcome: 'interrupted' } : outcome);
    if (outcome.outcome === 'lost') return 'lost';
    const result = readOutcome(this.#deps.task, this.#folder, outcome, this.#deps.redact);
    this.#conclude(result, outcome);
    return result;
  }

  async #adopt(attempt: number, signal: AbortSignal): Promise<RunOutcome> {
    const { runner, onRecovery } = this.#deps;
    let isWaiting = false;
    const onWaiting = () => {
      isWaiting = true;
      onRecovery?.(this.trial, 'running');
    };
    const outcome = await this.#follow(() => runner.recover(this.#folder, this.#attemptId(attempt), signal, onWaiting));
    if (outcome.outcome === 'lost') onRecovery?.(this.trial, 'gone');
    else if (!isWaiting) onRecovery?.(this.trial, 'finished');
    return outcome;
  }

  async loadTrainingLogs(options: { from?: number }): Promise<TrainingLogsLoaded> {
    const { task } = this.#deps;
    const log =
      this.#report === undefined
        ? { rows: [], problems: ['the script has not run yet'] }
        : readTrainingLogOf(task, this.#folder);
    const { rows, note } = selectRows(log.rows, task.objective.metric, options);
    const notes = [note, ...log.problems].filter((each) => each !== '');
    return { rows, note: notes.join('; ') };
  }

  get #hyperparameters(): Hyperparameters {
    return this.trial.proposal.hyperparameters;
  }

  #copyOnce(): void {
    if (!this.#isCopied) copyTask(this.#deps, this.#folder);
    this.#isCopied = true;
  }

  #prepare(): PreparedTraining {
    this.#copyOnce();
    return prepareTraining(this.#deps, this.#folder, this.#hyperparameters);
  }

  #prepareOrFail(): PreparedTraining | { failure: TrialResult } {
    try {
      return this.#prepare();
    } catch (error) {
      if (!(error instanceof AgentHpoError) || error.code !== 'config-invalid') throw error;
      const failure = { cause: 'config', message: error.message, tail: '' } as const;
      return { failure: { state: 'failed', metrics: {}, failure } };
    }
  }

  /**
   * An attempt is logged before it starts, so one that is there unlogged was on a part of the log that is gone (a
   * restored copy, a disk that lied). It is ended and forgotten: the new one under its number must not be taken for it.
   */
  async #endUnlogged(attempt: number): Promise<void> {
    const { control } = runPaths(this.#folder, this.#attemptId(attempt));
    if (!existsSync(control)) return;
    await this.#deps.runner.recover(this.#folder, this.#attemptId(attempt), AbortSignal.abort());
    rmSync(control, { recursive: true });
  }

  async #train(prepared: PreparedTraining, attempt: number, signal: AbortSignal): Promise<RunOutcome> {
    const { task, journal, runner, outputLimitBytes } = this.#deps;
    const timeLimitSeconds =
      this.#deps.timeoutSeconds ?? task.train.timeoutSeconds ?? defaultTimeLimit(journal.history);
    const { configHash } = prepared;
    const { codeHash } = journal.history;
    journal.record({
      event: 'attempt-started',
      trial: this.trial.number,
      attempt,
      codeHash,
      configHash,
      timeLimitSeconds,
    });
    const request: RunRequest = {
      attemptId: this.#attemptId(attempt),
      folder: this.#folder,
      command: prepared.command,
      environment: prepared.environment,
      timeLimitSeconds,
      memoryLimitBytes: task.resources.memoryBytes,
      outputLimitBytes,
    };
    const outcome = await this.#follow(() => runner.run(request, signal));
    const log = trainingLogFile(task, this.#folder);
    if (existsSync(log)) sync(log); // Once the end is logged, a resume reads the value from this file.
    this.#recordEnd(attempt, outcome);
    return outcome;
  }

  #recordEnd(attempt: number, { outcome, exitCode, signal, wallSeconds, peakMemoryBytes }: RunOutcome): void {
    const { journal } = this.#deps;
    const trial = this.trial.number;
    journal.record({ event: 'attempt-ended', trial, attempt, outcome, exitCode, signal, wallSeconds, peakMemoryBytes });
  }

  #conclude(result: TrialResult, outcome: RunOutcome | null): ExecutionReport {
    this.#result = result;
    const { state, metrics, value, failure, curve } = result;
    this.#report = {
      alreadyRun: false,
      state,
      exitCode: outcome?.exitCode ?? null,
      metrics,
      ...(value !== undefined && { value }),
      ...(failure && { failure }),
      ...(curve && { curve }),
      outputTail: existsSync(this.#folder)
        ? outputTail(this.#folder, this.#deps.redact).slice(-SHOWN_OUTPUT_CHARACTERS)
        : '',
    };
    return this.#report;
  }

  /** Runs `work` while telling `onEpoch` of each new row of the training log. */
  #follow(work: () => Promise<RunOutcome>): Promise<RunOutcome> {
    const { task, onEpoch, onFollowError } = this.#deps;
    const onRow = (row: LogRow) => onEpoch(this.trial.number, row);
    return whileFollowing(work, { task, folder: this.#folder, onRow, onFollowError });
  }

  #attemptId(attempt: number): string {
    return attemptId(this.#deps.studyFolder, this.trial.number, attempt);
  }
}
