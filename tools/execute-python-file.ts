import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { cutStart } from './cut-text.ts';
import { toldResult } from './told-result.ts';
import type { TrialSession } from './trial-session.ts';

/** Characters of the training’s last output that the model sees: a traceback’s end, or a few closing lines. */
const SHOWN_AFTER_FAILURE = 1_200;
const SHOWN_AFTER_SUCCESS = 200;

const executePythonFileInput = z.object({});

export interface ExecutePythonFileDeps {
  readonly session: TrialSession;
  readonly signal: AbortSignal;
  /** The objective’s metric. */
  readonly metric: string;
}

/** Runs the training to its end and tells how it ended; a second call tells the same again. */
export async function executePythonFile({ session, signal, metric }: ExecutePythonFileDeps) {
  const { alreadyRun, exitCode, outputTail, ...result } = await session.execute(signal);
  const told = { ...(alreadyRun && { alreadyRun }), ...toldResult(result, metric) };
  const { failure } = result;
  if (failure === undefined) return { ...told, ...output(outputTail, SHOWN_AFTER_SUCCESS) };
  return { ...told, exitCode, ...output(failure.tail || outputTail, SHOWN_AFTER_FAILURE) };
}

function output(text: string, limit: number): { outputTail?: string } {
  return text.trim() === '' ? {} : { outputTail: cutStart(text, limit) };
}

export function createExecutePythonFileTool(deps: ExecutePythonFileDeps) {
  return tool(async () => JSON.stringify(await executePythonFile(deps)), {
    name: 'ExecutePythonFile',
    description: 'Train to the end, once; called again, it repeats its answer.',
    schema: executePythonFileInput,
  });
}
