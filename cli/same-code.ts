import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileHashes, hashCode } from '../runners/working-copy.ts';
import { writeWhole } from '../study/durable-files.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { ownOutputs, type StudyFiles } from '../tools/own-outputs.ts';
import { changesBetween } from './file-changes.ts';
import { formatStudyRecord, type StudyRecord } from './study-record.ts';
import { undoCommand } from './undo-command.ts';

/** A study and the task that it would go on with. */
export interface StudyOfTask {
  /** The study’s folder. */
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly history: History;
}

/** The hash of the task’s code: all that a trial’s working copy would hold, without what the script writes, and how it is started. */
export function hashTask(task: Task, study?: StudyFiles): string {
  const { train, fixed, configChanges } = task;
  const files = hashCode(task.folder, { leaveOut: ownOutputs(task, study) });
  return createHash('sha256')
    .update(JSON.stringify([files, train, fixed, configChanges]))
    .digest('hex');
}

/** Short hashes by path, task.yaml included: what study.yaml keeps, to say later which file changed. */
export function hashFiles(task: Task, study?: StudyFiles): Record<string, string> {
  const code = fileHashes(task.folder, { leaveOut: ownOutputs(task, study) });
  const taskFile = createHash('sha256')
    .update(readFileSync(join(task.folder, TASK_FILE)))
    .digest('hex');
  return Object.fromEntries(
    Object.entries({ ...code, [TASK_FILE]: taskFile }).map(([path, hash]) => [path, hash.slice(0, SHORT)]),
  );
}

/** What tells the study’s code from outputs beside it; undefined for a study that did not record its files. */
export function studyFilesOf(folder: string, { task }: StudyRecord): StudyFiles | undefined {
  if (task.files === undefined) return undefined;
  return { known: new Set(Object.keys(task.files)), trials: studyPaths(folder).trials };
}

/** From now on the folder’s files, as they are, are those that the study knows. */
export function adoptFiles({ folder, record, task }: Omit<StudyOfTask, 'history'>): StudyRecord {
  if (record.task.files === undefined) return record;
  const files = hashFiles(task, studyFilesOf(folder, record));
  const adopted = { ...record, task: { ...record.task, files } };
  writeWhole(studyPaths(folder).settings, formatStudyRecord(adopted));
  return adopted;
}

/**
 * Throws `code-changed` when the task’s space or objective is not what the study began with: there is no going on with
 * that; what to do `otherwise` than to undo it, is a new study unless said.
 */
export function assertSameSpace(study: StudyOfTask, otherwise?: string): void {
  const { task, history } = study;
  const { space, objective } = history.start;
  const changed = [
    ...(isDeepStrictEqual(JSON.parse(JSON.stringify(task.space.toSpec())), space) ? [] : ['search space']),
    ...(isDeepStrictEqual(task.objective, objective) ? [] : ['objective']),
  ];
  if (changed.length === 0) return;
  const files = changedFiles(study);
  const isByConfig =
    files.some(({ path }) => path === task.train.config) && files.every(({ path }) => path !== TASK_FILE);
  throw new AgentHpoError({
    code: 'code-changed',
    message: isByConfig
      ? `${task.train.config} changed, and with it the defaults that this study began with.`
      : `The ${changed.join(' and the ')} in task.yaml is not what this study began with.`,
    hint: `${undo(study)} to go on with this study, or ${otherwise ?? `begin a new one with: agenthpo tune ${task.folder}`}`,
  });
}

/** Throws `code-changed`, naming the files and what to do `otherwise` than to undo it, when the code is another. */
export function assertSameCode(study: StudyOfTask, otherwise: string): void {
  const { folder, record, task, history } = study;
  if (hashTask(task, studyFilesOf(folder, record)) === history.codeHash) return;
  const files = changedFiles(study).filter(({ path }) => path !== TASK_FILE);
  const named =
    files.length === 0 ? 'how the script is started' : listed(files.map(({ path, change }) => `${path} (${change})`));
  throw new AgentHpoError({
    code: 'code-changed',
    message: `The code in ${task.folder} changed since trial ${history.trials.length}${record.task.files === undefined ? '' : `: ${named}`}.`,
    hint: `${undo(study)}, or ${otherwise}`,
  });
}

const TASK_FILE = 'task.yaml';
const SHORT = 12;
const SHOWN_FILES = 5;

function changedFiles({ folder, record, task }: StudyOfTask) {
  const { files } = record.task;
  return files === undefined ? [] : changesBetween(files, hashFiles(task, studyFilesOf(folder, record)));
}

function undo({ folder, record, task }: StudyOfTask): string {
  const { config } = task.train;
  const known = config === undefined ? undefined : record.task.files?.[config];
  const command =
    config === undefined || known === undefined
      ? undefined
      : undoCommand({
          file: join(task.folder, config),
          folder,
          isAsBefore: (text) => createHash('sha256').update(text).digest('hex').startsWith(known),
        });
  return command === undefined ? 'Undo the change' : `Undo the change (${command})`;
}

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN_FILES ? [`${names.length - SHOWN_FILES} more`] : [];
  return [...names.slice(0, SHOWN_FILES), ...more].join(', ');
}
