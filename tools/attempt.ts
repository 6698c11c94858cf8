import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { RunOutcome } from '../runners/runner.ts';
import type { Attempt } from '../study/trial.ts';

/** Names an attempt for ever and everywhere: the study’s folder is part of it, so that two studies never share one. */
export function attemptId(studyFolder: string, trial: number, attempt: number): string {
  const place = createHash('sha256').update(resolve(studyFolder)).digest('hex').slice(0, 12);
  return `${basename(studyFolder)}-${place}-${trial}-${attempt}`;
}

/** The outcome that was already logged, when the process died between the training’s end and the trial’s. */
export function knownOutcome({
  outcome,
  exitCode,
  signal,
  wallSeconds,
  peakMemoryBytes,
}: Attempt): RunOutcome | undefined {
  if (outcome === undefined) return undefined;
  return {
    outcome,
    exitCode: exitCode ?? null,
    signal: signal ?? null,
    wallSeconds: wallSeconds ?? null,
    peakMemoryBytes: peakMemoryBytes ?? null,
  };
}
