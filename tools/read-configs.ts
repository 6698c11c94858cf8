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

/** The training’s config file as it is now, or its command line where it takes flags; cut to a stated size. */
export async function readConfigs({ session }: ReadConfigsDeps) {
  const { file, text } = await session.readConfigs();
  const shown = cutMiddle(text, SHOWN_CHARACTERS);
  return file === null ? { command: shown } : { file, text: shown };
}

export function createReadConfigsTool(deps: ReadConfigsDeps) {
  return tool(async () => JSON.stringify(await readConfigs(deps)), {
    name: 'ReadConfigs',
    description: 'The script’s config as it is now.',
    schema: readConfigsInput,
  });
}
