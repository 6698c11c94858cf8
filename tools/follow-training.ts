import type { RunOutcome } from '../runners/runner.ts';
import type { Task } from '../study/task.ts';
import { followLog } from '../training/follow-log.ts';
import type { LogRow } from '../training/training-log.ts';
import { trainingLogFile } from './read-outcome.ts';

const LOOK_EVERY_MS = 200;

export interface FollowedTraining {
  readonly task: Task;
  /** The trial’s. */
  readonly folder: string;
  /** Told of each row of the training log while the script writes it. Must not throw. */
  readonly onRow: (row: LogRow) => void;
  /** Told when the log cannot be followed; the training does not depend on it. */
  readonly onFollowError: (error: unknown) => void;
}

/** Runs `work`, a training or the wait for one, and tells its rows until it ends. */
export async function whileFollowing(
  work: () => Promise<RunOutcome>,
  { task, folder, onRow, onFollowError }: FollowedTraining,
): Promise<RunOutcome> {
  const log = followLog(trainingLogFile(task, folder), task.train.log?.format ?? 'lines', task.train.pattern);
  const look = async () => {
    for (const row of (await log.poll()).rows) onRow(row);
  };
  let looking = Promise.resolve();
  const lookAgain = () => {
    looking = looking.then(look).catch(onFollowError);
  };
  const timer = setInterval(lookAgain, LOOK_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    lookAgain(); // What was written since the last look.
    await looking;
  }
}
