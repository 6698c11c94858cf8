import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import type { TrialSession } from './trial-session.ts';

/** Rows of the training log that one call answers at most. */
const MAX_ROWS = 50;
const DEFAULT_ROWS = 12;

export const loadTrainingLogsInput = z.object({
  from: z.int().min(0).nullish().describe('First row wanted, counted from 0. Leave out for the whole run, thinned.'),
  limit: z.int().min(1).max(MAX_ROWS).nullish().describe(`Rows wanted, at most ${MAX_ROWS}; default ${DEFAULT_ROWS}.`),
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
    limit: limit ?? DEFAULT_ROWS,
  });
}

export function createLoadTrainingLogsTool(deps: LoadTrainingLogsDeps) {
  return tool(async (input) => JSON.stringify(await loadTrainingLogs(input, deps)), {
    name: 'LoadTrainingLogs',
    description:
      'Read the training log: rows (epochs) from first to last, and a digest of the curve. What was left out is said.',
    schema: loadTrainingLogsInput,
  });
}
