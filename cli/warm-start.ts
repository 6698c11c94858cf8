import { findStudy, studyLabel } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { type WarmStart, warmStartFrom } from '../study/warm-start.ts';
import type { Context } from './context.ts';
import { readHistory } from './open-study.ts';

/** What `--warm-start` names, read now and kept in the new study’s log; says how much of it fits. undefined: nothing was named. */
export function readWarmStart(
  reference: string | undefined,
  { task, out, context, say }: { task: Task; out: string; context: Context; say: (line: string) => void },
): WarmStart | undefined {
  if (reference === undefined) return undefined;
  const folder = findStudy(reference, out, context.workingFolder);
  const warmStart = warmStartFrom(readHistory(folder), task);
  const { trials, leftOut } = warmStart;
  const others =
    leftOut === 0 ? '' : `; ${leftOut} outside the present ranges and choices ${leftOut === 1 ? 'is' : 'are'} left out`;
  say(
    `Warm start: ${trials.length} complete ${trials.length === 1 ? 'trial' : 'trials'} of ${studyLabel(folder)}${others}.`,
  );
  return warmStart;
}
