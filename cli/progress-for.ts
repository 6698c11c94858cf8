import type { History } from '../study/history.ts';
import type { Context } from './context.ts';
import { createProgress, type Progress } from './progress/progress.ts';

/** The live view on a terminal, plain lines elsewhere; always on stderr. */
export function progressFor({ stderr, environment }: Context, plain: boolean): (history: History) => Progress {
  const isTerminal = stderr.isTTY === true && environment['TERM'] !== 'dumb' && environment['CI'] === undefined;
  const noColor = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  return (history) =>
    createProgress({
      stream: stderr,
      columns: () => stderr.columns ?? 80,
      isTerminal,
      color: isTerminal && !noColor,
      plain,
      history,
    });
}
