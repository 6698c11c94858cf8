import { basename, resolve } from 'node:path';
import { createLocalRunner } from '../../runners/local.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { loadTask } from '../../study/load-task.ts';
import { lockOwner } from '../../study/lock.ts';
import { listStudies, studyLabel } from '../../study/study-folder.ts';
import type { Context } from '../context.ts';
import { bundledTaskFolder, bundledTasks } from '../find-task.ts';
import { formatMeasure } from '../numbers.ts';
import { readHistory } from '../open-study.ts';
import { loadSettings } from '../settings.ts';

/** `agenthpo list`: every study with its state, and trainings that outlived their study. */
export async function run(context: Context, _: readonly string[], options: Record<string, unknown>): Promise<number> {
  const rows =
    options['tasks'] === true
      ? listTasks()
      : await listAll(resolve(context.workingFolder, loadSettings({ ...context, flags: options }).out));
  if (options['json'] === true) context.stdout.write(`${JSON.stringify(rows)}\n`);
  else
    context.stdout.write(
      rows.length === 0 ? 'Nothing yet. Begin with: agenthpo tune quadratic --model offline\n' : `${table(rows)}\n`,
    );
  return 0;
}

interface Row {
  readonly [column: string]: string | number | null;
}

function listTasks(): Row[] {
  return bundledTasks().map((name) => {
    const { title, objective, space } = loadTask(bundledTaskFolder(name));
    return {
      task: name,
      title,
      objective: `${objective.direction} ${objective.metric}`,
      hyperparameters: space.parameters.length,
    };
  });
}

async function listAll(out: string): Promise<Row[]> {
  const runner = createLocalRunner();
  return Promise.all(
    listStudies(out).map(async (folder) => {
      const history = readableHistory(folder);
      const named = { study: basename(folder), task: studyLabel(folder).split('/')[0] ?? '' };
      if (history instanceof AgentHpoError)
        return { ...named, state: history.code, trials: 0, data: null, best: null, survivors: 0 };
      const best = history.incumbent?.value;
      const survivors = await runner.survivors(folder);
      return {
        ...named,
        state: lockOwner(folder) === undefined ? (history.end?.status ?? 'killed: resume it') : 'running',
        trials: history.finished.length,
        data: history.start.standIn ? 'stand-in' : null,
        best: best === undefined ? null : Number(formatMeasure(best)),
        survivors: survivors.length,
      };
    }),
  );
}

/** The history, or why it cannot be read: one bad study does not hide the others. */
function readableHistory(folder: string): History | AgentHpoError {
  try {
    return readHistory(folder);
  } catch (error) {
    if (error instanceof AgentHpoError) return error;
    throw error;
  }
}

function table(rows: readonly Row[]): string {
  // What no row has (data that is stood in for, most days) is no column.
  const columns = Object.keys(rows[0] ?? {}).filter((column) => rows.some((row) => row[column] !== null));
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '–')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
