import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { taskFiles } from '../runners/task-files.ts';
import { nearestTo } from '../study/nearest.ts';
import { excerpt } from '../study/printable.ts';
import type { Task } from '../study/task.ts';
import { parseTrainingLog } from '../training/read-training-log.ts';
import type { LogFormat, LogRow } from '../training/training-log.ts';
import { isOwnFile } from './own-file.ts';

/** The files that are looked into for numbers that the named log lacks. */
const LOG_LIKE = /\.(jsonl|ndjson|csv|json|txt|log)$/i;
const LARGEST_SEARCHED_BYTES = 1024 * 1024;
const MOST_SEARCHED = 50;

/** Why a training that ended well recorded no metric, and what mends it. */
export interface MissingMetric {
  /** One clause: where it was looked for, and what is there instead. */
  readonly message: string;
  readonly hint: string;
}

interface Search {
  readonly task: Task;
  /** The trial’s working copy. */
  readonly folder: string;
  /** What the script printed, or the end of it. */
  readonly output: string;
}

/** `rows` are what the named log holds. The trial’s other new files and its output are looked into for the metric. */
export function explainMissingMetric(rows: readonly LogRow[], search: Search): MissingMetric {
  const { task, output } = search;
  const { metric } = task.objective;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const elsewhere = namesOf(rows).has(metric) ? undefined : findElsewhere(search);
  const message = `${whatIsMissing(names, search)}${elsewhere === undefined ? '' : `; ${elsewhere.message}`}`;
  const hint = elsewhere?.hint ?? (names.length > 0 ? renameHint(metric, names, task) : writeHint(task, output));
  return { message, hint };
}

function whatIsMissing(names: readonly string[], { task, folder }: Search): string {
  const { metric } = task.objective;
  const log = task.train.log?.path;
  if (names.length > 0) {
    const near = nearestTo(metric, names);
    const question = near === undefined ? '' : ` (did you mean "${excerpt(near, 40)}"?)`;
    return `${log ?? 'the output'} records no "${metric}"${question}; it records ${listed(names)}`;
  }
  if (log === undefined) return `the script printed no line METRIC ${metric}=…`;
  const size = sizeOf(join(folder, log));
  if (size === undefined) return `the training wrote no ${log}`;
  return size === 0 ? `the training left ${log} empty` : `${log} holds no numbers that can be read ${asFormat(task)}`;
}

function asFormat({ train }: Task): string {
  if (train.pattern !== undefined) return `with train.pattern (${excerpt(train.pattern, 60)})`;
  const format = train.log?.format ?? 'lines';
  return { jsonl: 'as one JSON object a line', csv: 'as a CSV table', lines: 'as METRIC name=value lines' }[format];
}

interface Elsewhere {
  readonly message: string;
  readonly hint: string;
}

function findElsewhere(search: Search): Elsewhere | undefined {
  const { task, folder, output } = search;
  const { metric } = task.objective;
  const { log } = task.train;
  for (const path of newLogs(task, folder)) {
    const text = readFileSync(join(folder, path), 'utf8');
    const readable = formatsOf(path).find((format) => namesOf(parseTrainingLog(text, format).rows).has(metric));
    if (readable !== undefined && path !== log?.path)
      return {
        message: `${path} does`,
        hint: `Write "log: ${path}" under train in task.yaml${log === undefined ? '' : `, or let ${task.train.script} write ${log.path}`}.`,
      };
    if (readable !== undefined)
      return {
        message: `it is written as ${readable === 'csv' ? 'a CSV table' : 'one JSON object a line'}`,
        hint: `The name decides how a log is read: call it ${withExtension(path, readable)} in ${task.train.script} and in train.log.`,
      };
    if (isJsonDocument(text))
      return {
        message: `${path} is one JSON document`,
        hint: `Let ${task.train.script} write one object a line instead, as json.dumps({"epoch": 1, "${metric}": 0.42}) + "\\n" after each epoch, into ${withExtension(path, 'jsonl')}, and write "log: ${withExtension(path, 'jsonl')}" under train in task.yaml.`,
      };
  }
  const printed = namesOf(parseTrainingLog(output, 'lines').rows).has(metric);
  if (log === undefined || !printed) return undefined;
  return {
    message: 'the script prints it as METRIC lines',
    hint: `Take "log: ${log.path}" out of task.yaml, so that the output is read, or let ${task.train.script} write ${log.path}.`,
  };
}

/** Files of the working copy that look like logs and are not the task’s own. The named log first. */
function newLogs(task: Task, folder: string): string[] {
  const own = new Set(taskFiles(task.folder).map(({ path }) => path));
  const log = task.train.log?.path;
  return taskFiles(folder)
    .filter(({ kind, path }) => kind === 'copy' && LOG_LIKE.test(path) && (path === log || !own.has(path)))
    .map(({ path }) => path)
    .filter((path) => !['stdout.log', 'result.json'].includes(path) && isOwnFile(join(folder, path), folder))
    .filter((path) => (sizeOf(join(folder, path)) ?? 0) > 0)
    .filter((path) => (sizeOf(join(folder, path)) ?? 0) <= LARGEST_SEARCHED_BYTES)
    .sort((a, b) => Number(b === log) - Number(a === log))
    .slice(0, MOST_SEARCHED);
}

function formatsOf(path: string): readonly LogFormat[] {
  if (/\.csv$/i.test(path)) return ['csv', 'jsonl'];
  return /\.(jsonl|ndjson|json)$/i.test(path) ? ['jsonl', 'csv'] : ['jsonl', 'lines', 'csv'];
}

function withExtension(path: string, format: LogFormat): string {
  return path.replace(/\.\w+$/, format === 'csv' ? '.csv' : '.jsonl');
}

function isJsonDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function namesOf(rows: readonly LogRow[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row)));
}

function renameHint(metric: string, names: readonly string[], { train }: Task): string {
  const near = nearestTo(metric, names);
  return near === undefined
    ? `Name one of these as the metric in task.yaml, or let ${train.script} record "${metric}".`
    : `Write "${near}" as the metric in task.yaml, or let ${train.script} record it as "${metric}".`;
}

/** Numbers that people print by habit, `val_loss: 0.42` or `val_loss = 0.42`, need only a pattern. */
function writeHint({ objective: { metric }, train }: Task, output: string): string {
  const habit = new RegExp(`^.*\\b${metric.replaceAll(/[^\w]/g, '\\$&')}\\s*[:=]\\s*[-+]?[\\d.].*$`, 'm');
  const printed = /^\w+$/.test(metric) ? habit.exec(output)?.[0] : undefined;
  if (printed !== undefined && train.log === undefined)
    return `It does print "${excerpt(printed, 60)}". Add to train in task.yaml: pattern: '${metric}\\s*[:=]\\s*(?<${metric}>\\S+)'.`;
  if (train.log === undefined)
    return `Let ${train.script} print a line such as METRIC ${metric}=0.42 after each epoch, or name the file it writes in train.log.`;
  return `Let ${train.script} write ${train.log.path} in its working directory (a relative path), or name the file it does write in train.log, inside the task folder.`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => excerpt(name, 40));
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
