import { readExperimentLog } from '../study/experiment-log.ts';
import { History } from '../study/history.ts';
import { findStudy, studyPaths } from '../study/study-folder.ts';
import type { Context } from './context.ts';
import { loadSettings } from './settings.ts';
import { withChanges } from './study-changes.ts';
import { readStudyRecord, type StudyRecord } from './study-record.ts';

/** The history of the study in `folder`, replayed; its log is only read, whoever may be writing it. */
export function readHistory(folder: string): History {
  const history = new History();
  for (const event of readExperimentLog(studyPaths(folder).log).events) history.apply(event);
  return history;
}

/** The study that a command line means, read only. */
export function openStudy(
  context: Context,
  reference: string,
  options: Record<string, unknown>,
): { folder: string; history: History; record: StudyRecord } {
  const { out } = loadSettings({ ...context, flags: options });
  const folder = findStudy(reference, out, context.workingFolder);
  const history = readHistory(folder);
  return { folder, history, record: withChanges(readStudyRecord(studyPaths(folder).settings), history.changes) };
}
