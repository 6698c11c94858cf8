import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import type { TrialSession } from './trial-session.ts';

export const writeConfigsInput = z.object({
  hyperparameters: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]), {
      error: 'hyperparameters must be an object: one value per hyperparameter of the proposal',
    })
    .describe('The hyperparameters of the proposal, by name, exactly as proposed.'),
});

export interface WriteConfigsDeps {
  readonly session: TrialSession;
}

/** Writes the proposal’s values, or says how the given ones differ from it; nothing else can be written. */
export async function writeConfigs(
  { hyperparameters }: z.infer<typeof writeConfigsInput>,
  { session }: WriteConfigsDeps,
) {
  return await session.writeConfigs(hyperparameters);
}

export function createWriteConfigsTool(deps: WriteConfigsDeps) {
  return tool(async (input) => JSON.stringify(await writeConfigs(input, deps)), {
    name: 'WriteConfigs',
    description: 'Write the proposal’s hyperparameters into the config file. The rest of the file stays as it is.',
    schema: writeConfigsInput,
  });
}
