import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { toShortJson } from './short-json.ts';
import type { TrainingLogsLoaded, TrialSession } from './trial-session.ts';
import { wholeNumber } from './whole-number.ts';

/** Significant digits of a number in a row: the shape is to be seen, the value is told exactly elsewhere. */
const DIGITS = 4;

/** null means left out, as some models say it; the JSON schema need not teach it to the others. */
const from = wholeNumber(0).nullish().meta({ anyOf: undefined, type: 'integer', minimum: 0 });

export const loadTrainingLogsInput = z.object({ from: from.describe('50 rows from this one on, counted from 0.') });

export interface LoadTrainingLogsDeps {
  readonly session: TrialSession;
}

/** The trajectory of this trial’s training, thinned to a bounded number of rows. */
export async function loadTrainingLogs(
  { from }: z.infer<typeof loadTrainingLogsInput>,
  { session }: LoadTrainingLogsDeps,
) {
  return await session.loadTrainingLogs(typeof from === 'number' ? { from } : {});
}

/** Every column’s name once: a row that repeats them takes three times the tokens. A row without a column’s value has null there. */
function asTable({ rows, note }: TrainingLogsLoaded) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    ...(note !== '' && { note }),
  };
}

export function createLoadTrainingLogsTool(deps: LoadTrainingLogsDeps) {
  return tool(async (input) => toShortJson(asTable(await loadTrainingLogs(input, deps)), DIGITS), {
    name: 'LoadTrainingLogs',
    description: 'The training log, thinned to a few rows of the whole run.',
    schema: loadTrainingLogsInput,
  });
}
