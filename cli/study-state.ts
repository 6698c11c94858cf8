import type { History, StudyEnd } from '../study/history.ts';
import { lockOwner } from '../study/lock.ts';

/** `running` while a process works on the study, how it ended, or `killed` when its process is gone without an end. */
export type StudyState = StudyEnd['status'] | 'running' | 'killed';

export function stateOfStudy(folder: string, history: History): StudyState {
  return lockOwner(folder) === undefined ? (history.end?.status ?? 'killed') : 'running';
}
