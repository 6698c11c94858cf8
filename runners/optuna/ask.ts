import { AgentHpoError, messageOf } from '../../study/errors.ts';
import { excerpt } from '../../study/printable.ts';
import { BridgeProcess } from './bridge-process.ts';
import { type OptunaAnswer, type OptunaQuestion, optunaLine } from './protocol.ts';
import type { OptunaPython } from './python.ts';

/** For one point: Optuna’s Gaussian process takes seconds, on a busy machine and after many trials minutes. */
const LIMIT_SECONDS = 600;

/**
 * What Optuna proposes next, one point after the other for as long as they are asked for; a point that was not taken
 * counts as under way for those behind it. Every conversation is a process of its own that is told the whole study.
 * Throws AgentHpoError `sampler-failed` when it crashes, hangs or answers what cannot be read.
 */
export async function* askOptuna(
  python: OptunaPython,
  question: OptunaQuestion,
  signal: AbortSignal,
  limitSeconds = LIMIT_SECONDS,
): AsyncGenerator<OptunaAnswer, never, void> {
  const bridge = new BridgeProcess(python.interpreter, python.environment, signal);
  try {
    for (let message: object = question; ; message = {}) {
      yield answerIn(await bridge.ask(message, limitSeconds));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failed(python, messageOf(error), error);
  } finally {
    await bridge.end();
  }
}

function answerIn(line: string): OptunaAnswer {
  const answer = optunaLine.safeParse(jsonIn(line));
  if (!answer.success) throw new Error(`answered what is no point: ${excerpt(line, 200)}`);
  if ('error' in answer.data) throw new Error(`said ${excerpt(answer.data.error, 500)}`);
  return { ...answer.data, how: excerpt(answer.data.how, 500) };
}

/** undefined for what is no JSON. */
function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function failed({ interpreter, ownFolder }: OptunaPython, how: string, cause: unknown): AgentHpoError {
  return new AgentHpoError({
    code: 'sampler-failed',
    message: `Optuna, run by ${interpreter}, ${how}.`,
    hint:
      ownFolder === undefined
        ? `Mend Optuna in that Python (${interpreter} -m pip install --upgrade optuna) and resume the study.`
        : `Delete ${ownFolder}, so that Optuna is installed anew, and resume the study.`,
    cause,
  });
}
