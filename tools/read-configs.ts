import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { cutMiddle } from './cut-text.ts';
import type { TrialSession } from './trial-session.ts';

/** Characters of the config file that the model sees. */
const SHOWN_CHARACTERS = 2_000;

const readConfigsInput = z.object({});

export interface ReadConfigsDeps {
  readonly session: TrialSession;
}

/** The training’s config file as it is now, cut to a stated size. */
export async function readConfigs({ session }: ReadConfigsDeps) {
  const { file, text, hyperparameters } = await session.readConfigs();
  return { file, hyperparameters, text: cutMiddle(text, SHOWN_CHARACTERS) };
}

export function createReadConfigsTool(deps: ReadConfigsDeps) {
  return tool(async () => JSON.stringify(await readConfigs(deps)), {
    name: 'ReadConfigs',
    description: 'Read the config file of this training: its text and the current hyperparameters.',
    schema: readConfigsInput,
  });
}
