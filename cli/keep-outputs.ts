import { existsSync } from 'node:fs';
import { cleanOutputs } from '../runners/working-copy.ts';
import type { History } from '../study/history.ts';
import { toLoss } from '../study/objective.ts';
import type { StudyListener } from '../study/roles.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { ownOutputs } from '../tools/own-outputs.ts';

interface KeepRequest {
  readonly task: Task;
  readonly folder: string;
  readonly history: History;
}

/** After each trial, removes the outputs (checkpoints and the like) of finished trials beyond the task’s best `keep`. */
export function keepBestOutputs({ task, folder, history }: KeepRequest): StudyListener {
  const cleaned = new Set<number>();
  return {
    on(event) {
      if (event.event !== 'trial-finished') return;
      const kept = new Set(bestTrials(history, task.keep));
      for (const { number } of history.finished.filter(
        (trial) => !kept.has(trial.number) && !cleaned.has(trial.number),
      )) {
        const trialFolder = studyPaths(folder).trial(number);
        if (existsSync(trialFolder)) cleanOutputs(task.folder, trialFolder, ownOutputs(task));
        cleaned.add(number);
      }
    },
  };
}

function bestTrials(history: History, count: number): number[] {
  const { direction } = history.objective;
  const loss = (value: number | undefined) => toLoss(value ?? Number.NaN, direction);
  return history.complete
    .filter((trial) => history.isCurrent(trial) && trial.brokenConstraints.length === 0)
    .toSorted((a, b) => loss(a.value) - loss(b.value))
    .slice(0, count)
    .map((trial) => trial.number);
}
