import type { Objective } from '../study/objective.ts';
import type { Trial, TrialResult } from '../study/trial.ts';
import { finishSession, type SessionExecutor } from './session-executor.ts';
import { summarizeByCode } from './trial-summary.ts';

/** One model call that tells of a finished trial; without a summary when the model had nothing usable to say. */
export type Summarize = (
  trial: Trial,
  result: TrialResult,
  signal: AbortSignal,
) => Promise<Pick<TrialResult, 'summary' | 'summaryBy' | 'modelUnavailable'>>;

export interface DirectExecutorDeps {
  readonly objective: Objective;
  /** Left out: the summary is written by code and no model is involved. */
  readonly summarize?: Summarize;
}

/** The Executor’s work without a model in between: the session writes the configs and runs, one call tells of it. */
export function createDirectExecutor({ objective, summarize }: DirectExecutorDeps): SessionExecutor {
  return {
    runTrial: async (session, signal) => {
      const result = await finishSession(session, signal);
      if (result.state === 'interrupted') return result;
      const told = await summarize?.(session.trial, result, signal);
      return { ...result, summary: summarizeByCode(result, objective), summaryBy: 'code', ...told };
    },
  };
}
