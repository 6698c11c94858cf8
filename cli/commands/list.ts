import { basename, resolve } from 'node:path';
import { createLocalRunner } from '../../runners/local.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { loadTask } from '../../study/load-task.ts';
import type { Direction } from '../../study/objective.ts';
import { printable } from '../../study/printable.ts';
import { listStudies, studyLabel } from '../../study/study-folder.ts';
import type { Context } from '../context.ts';
import { bundledTaskFolder, bundledTasks } from '../find-task.ts';
import { jsonLine } from '../json-line.ts';
import { formatMeasure } from '../numbers.ts';
import { readHistory } from '../open-study.ts';
import { loadSettings } from '../settings.ts';
import { stateOfStudy } from '../study-state.ts';
import { textTable } from '../text-table.ts';

/** `agenthpo list`: every study with its state, and trainings that outlived their study. */
export async function run(context: Context, _: readonly string[], options: Record<string, unknown>): Promise<number> {
  const print = (lines: readonly string[]) => context.stdout.write(`${printable(lines.join('\n'))}\n`);
  const asJson = options['json'] === true;
  if (options['tasks'] === true) {
    const tasks = listTasks();
    print(asJson ? [jsonLine(tasks).trimEnd()] : taskLines(tasks));
    return 0;
  }
  const studies = await listAll(resolve(context.workingFolder, loadSettings({ ...context, flags: options }).out));
  print(asJson ? [jsonLine(studies).trimEnd()] : studyLines(studies));
  return 0;
}

interface TaskRow {
  readonly task: string;
  readonly title: string;
  readonly objective: string;
  readonly hyperparameters: number;
}

function listTasks(): TaskRow[] {
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

function taskLines(tasks: readonly TaskRow[]): string[] {
  const rows = tasks.map(({ task, title, objective, hyperparameters }) => [
    task,
    title,
    objective,
    String(hyperparameters),
  ]);
  return textTable([['task', 'title', 'objective', 'hyperparameters'], ...rows]);
}

/** A study as `list --json` prints it. What cannot be known of an unreadable one is null. */
interface StudyRow {
  readonly study: string;
  readonly task: string;
  /** A study’s state, or the code of the error that its log cannot be read for. */
  readonly state: string;
  readonly trials: number;
  readonly data: 'stand-in' | null;
  readonly metric: string | null;
  readonly direction: Direction | null;
  /** The objective value of the best valid trial. */
  readonly best: number | null;
  /** Trainings that still run although their study’s process is gone. */
  readonly survivors: number;
}

async function listAll(out: string): Promise<StudyRow[]> {
  const runner = createLocalRunner();
  return Promise.all(
    listStudies(out).map(async (folder) => {
      const history = readableHistory(folder);
      const named = { study: basename(folder), task: studyLabel(folder).split('/')[0] ?? '' };
      if (history instanceof AgentHpoError)
        return { ...named, state: history.code, trials: 0, data: null, ...NOTHING_KNOWN, survivors: 0 };
      const { metric, direction } = history.objective;
      const best = history.incumbent?.value;
      const survivors = await runner.survivors(folder);
      return {
        ...named,
        state: stateOfStudy(folder, history),
        trials: history.finished.length,
        data: history.start.standIn ? 'stand-in' : null,
        metric,
        direction,
        best: best ?? null,
        survivors: survivors.length,
      };
    }),
  );
}

const NOTHING_KNOWN = { metric: null, direction: null, best: null };

/** The history, or why it cannot be read: one bad study does not hide the others. */
function readableHistory(folder: string): History | AgentHpoError {
  try {
    return readHistory(folder);
  } catch (error) {
    if (error instanceof AgentHpoError) return error;
    throw error;
  }
}

function studyLines(studies: readonly StudyRow[]): string[] {
  if (studies.length === 0) return ['Nothing yet. Begin with: agenthpo tune quadratic --model offline'];
  const rows = studies.map((row) => [row.study, row.task, row.state, String(row.trials), describeBest(row)]);
  return [...textTable([['study', 'task', 'state', 'trials', 'best'], ...rows]), ...studies.flatMap(nextStep)];
}

/** `loss 0.2414 (minimize)`, and whether the data was real. */
function describeBest({ metric, direction, best, trials, data }: StudyRow): string {
  if (metric === null) return '–';
  const found = best === null ? (trials === 0 ? '–' : 'no valid trial yet') : `${metric} ${formatMeasure(best)}`;
  return `${found} (${direction})${data === null ? '' : ', stand-in data'}`;
}

/** What to do about a study whose process is gone. */
function nextStep({ study, state, survivors }: StudyRow): string[] {
  const trainings = survivors === 1 ? 'A training' : `${survivors} trainings`;
  return [
    ...(state === 'killed' ? [`The process of ${study} is gone. Go on with: agenthpo resume ${study}`] : []),
    ...(survivors === 0
      ? []
      : [
          `${trainings} of ${study} ${survivors === 1 ? 'runs' : 'run'} on without it. End with: agenthpo stop ${study}`,
        ]),
  ];
}
