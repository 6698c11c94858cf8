import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { toShortJson } from './short-json.ts';
import type { TrainingLogsLoaded, TrialSession } from './trial-session.ts';
import { wholeNumber } from './whole-number.ts';

/** Rows of the training log that one call answers at most. */
const MAX_ROWS = 50;

export const loadTrainingLogsInput = z.object({
  from: wholeNumber(0).nullish().describe('First row wanted, counted from 0. Leave out for the whole run, thinned.'),
  limit: wholeNumber(1, MAX_ROWS).nullish().describe('How many rows.'),
});

export interface LoadTrainingLogsDeps {
  readonly session: TrialSession;
}

/** The trajectory of this trial’s training, thinned to a bounded number of rows, and the digest of its curve. */
export async function loadTrainingLogs(
  { from, limit }: z.infer<typeof loadTrainingLogsInput>,
  { session }: LoadTrainingLogsDeps,
) {
  return await session.loadTrainingLogs({
    ...(typeof from === 'number' && { from }),
    ...(typeof limit === 'number' && { limit }),
  });
}

/** Every column’s name once: a row that repeats them takes three times the tokens. A row without a column’s value has null there. */
function asTable({ rows, digest, ...rest }: TrainingLogsLoaded) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const { sample: _inRows, ...marks } = digest ?? { sample: [] };
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    ...rest,
    digest: digest && marks,
  };
}

export function createLoadTrainingLogsTool(deps: LoadTrainingLogsDeps) {
  return tool(async (input) => toShortJson(asTable(await loadTrainingLogs(input, deps))), {
    name: 'LoadTrainingLogs',
    description:
      'Read the training log: the whole run in a few rows (epochs), its first, best and last among them, and a digest of the curve. What was left out is said.',
    schema: loadTrainingLogsInput,
  });
}
