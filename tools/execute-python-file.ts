import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { cutStart } from './cut-text.ts';
import { toShortJson } from './short-json.ts';
import type { TrialSession } from './trial-session.ts';

/** Characters of the training’s last output that the model sees; a traceback’s end is what matters. */
const SHOWN_CHARACTERS = 1_200;

const executePythonFileInput = z.object({});

export interface ExecutePythonFileDeps {
  readonly session: TrialSession;
  readonly signal: AbortSignal;
}

/** Runs the training to its end and tells how it ended; a second call tells the same again. */
export async function executePythonFile({ session, signal }: ExecutePythonFileDeps) {
  const { outputTail, failure, ...result } = await session.execute(signal);
  if (failure === undefined) return { ...result, outputTail: cutStart(outputTail, SHOWN_CHARACTERS / 3) };
  const { tail, hint: _forPeople, ...reason } = failure;
  return { ...result, failure: reason, outputTail: cutStart(tail === '' ? outputTail : tail, SHOWN_CHARACTERS) };
}

export function createExecutePythonFileTool(deps: ExecutePythonFileDeps) {
  return tool(async () => toShortJson(await executePythonFile(deps)), {
    name: 'ExecutePythonFile',
    description:
      'Run the training script with the written config and wait for its end. It runs once: calling this again answers the same result.',
    schema: executePythonFileInput,
  });
}
