import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { isValued } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { expectationsOf } from '../study/lessons.ts';
import { bestOf, finishedInOrder } from '../study/memory.ts';
import { improvement } from '../study/objective.ts';
import { describeRegions, FEWEST_FOR_REGIONS, REGION_COLUMNS } from '../study/regions.ts';
import type { Trial } from '../study/trial.ts';
import { lineColumns, trialLine } from '../study/trial-line.ts';
import { boundedNames } from './bounded-names.ts';
import { cutMiddle, cutStart } from './cut-text.ts';
import { toShortJson } from './short-json.ts';
import { ToolInputError } from './tool-input-error.ts';
import { wholeNumber } from './whole-number.ts';

/** Rows that one call answers at most. */
const MAX_ROWS = 50;
const MAX_DETAILED = 5;
/** Of the digest: trials that the lines in the prompt may no longer show, and expectations. */
const BEST_ROWS = 5;
const EXPECTATIONS = 10;
const TEXT_CHARACTERS = 1_500;
const TAIL_CHARACTERS = 1_000;

export const loadExperimentLogsInput = z.object({
  trials: z
    .array(wholeNumber(1))
    .max(MAX_DETAILED)
    .nullish()
    .describe('These in full: reasons, metrics, curve, summary.'),
  from: wholeNumber(1).nullish().describe('Trials from here on, unrounded.'),
  limit: wholeNumber(1, MAX_ROWS).nullish(),
});

/** As a model sees it: without the null that some send for what they leave out, and that is taken as left out. */
const seenInput = loadExperimentLogsInput.meta({
  properties: Object.fromEntries(
    Object.entries(loadExperimentLogsInput.shape).map(([name, field]) => {
      const { $schema: _, ...seen } = z.toJSONSchema(field.unwrap().unwrap(), { io: 'input' });
      return [name, { ...seen, ...(field.description !== undefined && { description: field.description }) }];
    }),
  ),
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

/** What the prompt does not hold (no arguments), trials in full (`trials`), or exact rows (`from`, `limit`). */
export function loadExperimentLogs(
  { trials, from, limit }: z.infer<typeof loadExperimentLogsInput>,
  { history }: LoadExperimentLogsDeps,
) {
  if (trials != null && trials.length > 0)
    return { trials: trials.map((number) => inFull(requireTrial(number, history), history)) };
  if (from == null && limit == null) return digestOf(history);
  const start = from ?? 1;
  const rows = history.trials.slice(start - 1, start - 1 + (limit ?? MAX_ROWS));
  const next = start + rows.length;
  return {
    total: history.trials.length,
    next: next <= history.trials.length ? next : null,
    rows: rows.map((trial) => toRow(trial, history)),
  };
}

/** The whole study in numbers to be read: what a prompt leaves out, so that asking is never in vain. */
function digestOf(history: History) {
  const finished = finishedInOrder(history);
  const { regions, movedWith } = describeRegions(history, finished);
  return {
    total: history.trials.length,
    columns: lineColumns(history.space),
    best: bestFirst(bestOf(finished, BEST_ROWS, history), history).map((trial) => trialLine(trial, history.space)),
    expectations: expectationsOf(history, finished, EXPECTATIONS),
    regionColumns: REGION_COLUMNS,
    regions:
      Object.keys(regions).length > 0
        ? regions
        : `too few trials to say: it takes ${FEWEST_FOR_REGIONS} with a value beside the default, three of them in each of two regions`,
    movedWith,
  };
}

function bestFirst(trials: readonly Trial[], { objective: { direction } }: History): Trial[] {
  return trials.filter(isValued).sort((a, b) => improvement(b.value, a.value, direction));
}

export function createLoadExperimentLogsTool(deps: LoadExperimentLogsDeps) {
  return tool(async (input) => JSON.stringify(loadExperimentLogs(input, deps)), {
    name: 'LoadExperimentLogs',
    description: 'More than the prompt shows. Without arguments: the best trials, all expectations, regions.',
    schema: seenInput,
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
  const { names, leftOut } = boundedNames(Object.keys(trial.metrics), metricsThatCount(trial, history));
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
    metrics: readable(Object.fromEntries(names.map((name) => [name, trial.metrics[name]]))),
    notShown: leftOut > 0 ? `${leftOut} more metrics` : undefined,
    failure: trial.failure && {
      ...trial.failure,
      message: cutMiddle(trial.failure.message, TEXT_CHARACTERS),
      tail: cutStart(trial.failure.tail, TAIL_CHARACTERS),
    },
    curve: readable(trial.curve),
    summary: trial.summary && cutMiddle(trial.summary, TEXT_CHARACTERS),
  };
}

/** The objective’s, and those that its constraints name. */
function metricsThatCount({ metrics }: Trial, { objective: { metric, constraints } }: History): string[] {
  return Object.keys(metrics).filter((name) => name === metric || constraints.some((each) => each.includes(name)));
}

/** The same with its numbers rounded for reading. */
function readable(value: object | undefined): unknown {
  return value && JSON.parse(toShortJson(value));
}
