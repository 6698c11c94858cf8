import { basename } from 'node:path';
import type { History } from '../study/history.ts';
import { raisedLimits } from './raised-limit.ts';
import { stateOfStudy } from './study-state.ts';

/** When an input is taken up: at once by the process that works on the study, else by the next one. */
export interface Taking {
  readonly isRunning: boolean;
  /** The command after which it is taken up; undefined when the study that runs will do so by itself. */
  readonly command: string | undefined;
}

/** `trials`: how many trials have to follow, so that what was asked has an effect. */
export function whenTaken(folder: string, history: History, trials: number): Taking {
  const isRunning = stateOfStudy(folder, history) === 'running';
  const needed = history.trials.length + trials;
  const hasRoom = needed <= (history.budget.trials ?? Number.POSITIVE_INFINITY);
  const flags = [...(hasRoom ? [] : [`--trials ${needed}`]), ...raisedLimits(history)];
  if (isRunning && flags.length === 0) return { isRunning, command: undefined };
  return { isRunning, command: ['agenthpo resume', basename(folder), ...flags].join(' ') };
}
