import { relative } from 'node:path';
import type { History } from '../study/history.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { caveatLines } from './caveats.ts';
import type { Context } from './context.ts';
import { createProgress, type Progress } from './progress/progress.ts';

/** What is to be shown: a study, its task and its folder. */
export interface ShownStudy {
  readonly folder: string;
  readonly task: Task;
  readonly history: History;
}

/** The live view on a terminal, plain lines elsewhere; always on stderr. Ctrl-C is answered there too. */
export function progressFor(context: Context, plain: boolean): (study: ShownStudy) => Progress {
  const { stderr, environment, workingFolder, signal } = context;
  const isTerminal = canMoveCursor(context);
  return ({ folder, task, history }) => {
    const progress = createProgress({
      stream: stderr,
      // A terminal that does not know its size says 0.
      size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
      onResize: (changed) => {
        stderr.on('resize', changed);
        return () => stderr.off('resize', changed);
      },
      isTerminal,
      color: hasColor(environment, isTerminal && !plain),
      plain,
      history,
      notes: { reportFile: relative(workingFolder, studyPaths(folder).report), caveats: caveatLines(task) },
    });
    signal.addEventListener('abort', () => progress.say(STOPPING), { once: true });
    return progress;
  };
}

/** A terminal that a person watches, and that knows cursor movements. */
export function canMoveCursor({ stderr, environment }: Context): boolean {
  return stderr.isTTY === true && environment['TERM'] !== 'dumb' && !isSet(environment['CI']);
}

const STOPPING = 'Stopping: what runs is ended, then the report is written. Ctrl-C again ends at once.';

/** NO_COLOR before FORCE_COLOR before what the terminal can do (no-color.org, force-color.org). */
function hasColor(environment: Context['environment'], otherwise: boolean): boolean {
  if (isSet(environment['NO_COLOR'])) return false;
  const forced = environment['FORCE_COLOR'];
  return isSet(forced) ? forced !== '0' && forced !== 'false' : otherwise;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
