import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { STEP_NAMES } from '../training/row-steps.ts';
import { boundedNames } from './bounded-names.ts';
import { cutMiddle } from './cut-text.ts';
import { toShortJson } from './short-json.ts';
import type { TrainingLogsLoaded, TrialSession } from './trial-session.ts';
import { wholeNumber } from './whole-number.ts';

/** Significant digits of a number in a row: the shape is to be seen, the value is told exactly elsewhere. */
const DIGITS = 4;
const NOTE_CHARACTERS = 600;

/** null means left out, as some models say it; the JSON schema need not teach it to the others. */
const from = wholeNumber(0).nullish().meta({ anyOf: undefined, type: 'integer', minimum: 0 });

export const loadTrainingLogsInput = z.object({
  from: from.describe('Up to 50 rows in full from this one on, counted from 0.'),
});

export interface LoadTrainingLogsDeps {
  readonly session: TrialSession;
  /** The objective’s metric. */
  readonly metric: string;
}

/** The trajectory of this trial’s training, thinned to a bounded number of rows. */
export async function loadTrainingLogs(
  { from }: z.infer<typeof loadTrainingLogsInput>,
  { session }: Pick<LoadTrainingLogsDeps, 'session'>,
) {
  return await session.loadTrainingLogs(typeof from === 'number' ? { from } : {});
}

/**
 * Every column’s name once: a row that repeats them takes three times the tokens. A row without a column’s value has null
 * there. Of a wide log the steps, the objective’s metric and some others.
 */
function asTable({ rows, note }: TrainingLogsLoaded, metric: string) {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const { names: columns, leftOut } = boundedNames(all, [metric, ...STEP_NAMES]);
  const notes = [leftOut > 0 ? `${columns.length} of ${all.length} columns` : '', cutMiddle(note, NOTE_CHARACTERS)];
  const said = notes.filter((each) => each !== '').join('; ');
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    ...(said !== '' && { note: said }),
  };
}

export function createLoadTrainingLogsTool(deps: LoadTrainingLogsDeps) {
  return tool(async (input) => toShortJson(asTable(await loadTrainingLogs(input, deps), deps.metric), DIGITS), {
    name: 'LoadTrainingLogs',
    description: 'The training log: the last rows in full, earlier ones thinned.',
    schema: loadTrainingLogsInput,
  });
}
