import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { toldProblems } from './told-problems.ts';
import type { TrialSession } from './trial-session.ts';

/** An object of plain values; in the JSON schema just an object, for the prompt lists the names and the session checks them. */
const values = z
  .record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]), {
    error: 'hyperparameters must be an object: one value per hyperparameter of the proposal',
  })
  .meta({ propertyNames: undefined, additionalProperties: undefined });

export const writeConfigsInput = z.object({ hyperparameters: values.describe('All of the trial’s, by name.') });

export interface WriteConfigsDeps {
  readonly session: TrialSession;
}

/** Writes the proposal’s values, or says how the given ones differ from it; nothing else can be written. */
export async function writeConfigs(
  { hyperparameters }: z.infer<typeof writeConfigsInput>,
  { session }: WriteConfigsDeps,
) {
  const written = await session.writeConfigs(hyperparameters);
  return written.kind === 'written' ? written : { ...written, differences: toldProblems(written.differences) };
}

export function createWriteConfigsTool(deps: WriteConfigsDeps) {
  return tool(async (input) => JSON.stringify(await writeConfigs(input, deps)), {
    name: 'WriteConfigs',
    description: 'Write the trial’s hyperparameters into the config; the rest of it stays.',
    schema: writeConfigsInput,
  });
}
