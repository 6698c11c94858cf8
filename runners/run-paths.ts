import { join } from 'node:path';

/** Every file the runner keeps of one attempt. The wrapper writes most of them; nobody else knows their names. */
export interface RunPaths {
  /** What the training printed, standard error included, up to the output limit. */
  readonly output: string;
  /** How the trial’s attempt ended, for people; absent when the script has a `result.json` of its own. */
  readonly published: string;
  /** Folder of this attempt’s own files, below. */
  readonly control: string;
  /** Appears once: who owns the attempt. Without it nothing was started. */
  readonly start: string;
  /** Forbids a wrapper that has not started the training yet to do so. */
  readonly abandoned: string;
  /** The wrapper’s last word, to be read after its end: how the training ended. */
  readonly result: string;
  /** The process that waits for this attempt’s end. */
  readonly waiter: string;
  /** Written every second: the clock in milliseconds, the peak memory in KiB. */
  readonly heartbeat: string;
  /** The pipe between the training and the wrapper. */
  readonly pipe: string;
  /** What the wrapper itself had to complain about. */
  readonly log: string;
}

/** Name, in a trial’s folder, of the folder that holds all attempts’ own files. */
export const ATTEMPTS_FOLDER = '.attempts';

/** Where the files of one attempt stand in its trial’s folder (absolute). */
export function runPaths(trialFolder: string, attemptId: string): RunPaths {
  const control = join(trialFolder, ATTEMPTS_FOLDER, attemptId);
  return {
    output: join(trialFolder, 'stdout.log'),
    published: join(trialFolder, 'result.json'),
    control,
    start: join(control, 'start.json'),
    abandoned: join(control, 'abandoned'),
    result: join(control, 'result.json'),
    waiter: join(control, 'waiter.json'),
    heartbeat: join(control, 'heartbeat'),
    pipe: join(control, 'output'),
    log: join(control, 'wrapper.log'),
  };
}
