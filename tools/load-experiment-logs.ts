import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import type { History } from '../study/history.ts';
import { compressMemory } from '../study/memory.ts';
import type { Trial } from '../study/trial.ts';
import { cutMiddle, cutStart } from './cut-text.ts';
import { ToolInputError } from './tool-input-error.ts';
import { wholeNumber } from './whole-number.ts';

/** Rows that one call answers at most. */
const MAX_ROWS = 50;
const MAX_DETAILED = 5;
const TEXT_CHARACTERS = 1_500;
const TAIL_CHARACTERS = 1_000;

export const loadExperimentLogsInput = z.object({
  trials: z
    .array(wholeNumber(1))
    .max(MAX_DETAILED)
    .nullish()
    .describe('These trials in full: reasons, all metrics, curve, whole summary.'),
  from: wholeNumber(1).nullish().describe('Exact rows from this trial on.'),
  limit: wholeNumber(1, MAX_ROWS).nullish().describe('How many rows.'),
});

export interface LoadExperimentLogsDeps {
  readonly history: History;
}

/** One trial as an exact row: full-precision values. */
export interface ExperimentRow {
  readonly trial: number;
  readonly state: Trial['state'];
  readonly origin: Trial['proposal']['origin'];
  readonly value: number | null;
  /** `earlier`: it ran another version of the code; its value compares with nothing of now, and it may be tried again. */
  readonly code: 'current' | 'earlier';
  /** Objective constraints that the trial broke: it can never be the incumbent. */
  readonly brokenConstraints?: readonly string[];
  readonly cause?: string;
  readonly hyperparameters: Trial['proposal']['hyperparameters'];
}

/** The memory (no arguments), trials in full (`trials`), or exact rows (`from`, `limit`). */
export function loadExperimentLogs(
  { trials, from, limit }: z.infer<typeof loadExperimentLogsInput>,
  { history }: LoadExperimentLogsDeps,
) {
  if (trials != null && trials.length > 0)
    return { trials: trials.map((number) => inFull(requireTrial(number, history), history)) };
  if (from == null && limit == null) return compressMemory(history);
  const start = from ?? 1;
  const rows = history.trials.slice(start - 1, start - 1 + (limit ?? MAX_ROWS));
  const next = start + rows.length;
  return {
    total: history.trials.length,
    next: next <= history.trials.length ? next : null,
    rows: rows.map((trial) => toRow(trial, history)),
  };
}

export function createLoadExperimentLogsTool(deps: LoadExperimentLogsDeps) {
  return tool(async (input) => JSON.stringify(loadExperimentLogs(input, deps)), {
    name: 'LoadExperimentLogs',
    description:
      'More than the prompt shows, if the answer could change your choice. Without arguments: what each region of the space reached.',
    schema: loadExperimentLogsInput,
  });
}

function requireTrial(number: number, history: History): Trial {
  const trial = history.trial(number);
  if (trial !== undefined) return trial;
  const known = history.trials.length === 0 ? 'there are none yet' : `there are trials 1 to ${history.trials.length}`;
  throw new ToolInputError(`There is no trial ${number}; ${known}.`);
}

function toRow(trial: Trial, history: History): ExperimentRow {
  return {
    trial: trial.number,
    state: trial.state,
    origin: trial.proposal.origin,
    value: trial.value ?? null,
    code: history.isCurrent(trial) ? 'current' : 'earlier',
    ...(trial.brokenConstraints.length > 0 && { brokenConstraints: trial.brokenConstraints }),
    ...(trial.failure !== undefined && { cause: trial.failure.cause }),
    hyperparameters: trial.proposal.hyperparameters,
  };
}

function inFull(trial: Trial, history: History) {
  const { basedOn, reasons, rationale, expects, intent, fallback } = trial.proposal;
  return {
    ...toRow(trial, history),
    proposal: {
      basedOn,
      reasons,
      rationale: rationale && cutMiddle(rationale, TEXT_CHARACTERS),
      expects,
      intent,
      fallback,
    },
    metrics: trial.metrics,
    failure: trial.failure && { ...trial.failure, tail: cutStart(trial.failure.tail, TAIL_CHARACTERS) },
    curve: trial.curve,
    summary: trial.summary && cutMiddle(trial.summary, TEXT_CHARACTERS),
  };
}
