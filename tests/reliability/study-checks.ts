import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { History } from '../../study/history.ts';
import { listStudies, studyPaths } from '../../study/study-folder.ts';
import { type Ended, until, type World } from './world.ts';

/** The one study of a world; undefined before its folder appeared. */
export function theStudy(world: World): string | undefined {
  const studies = listStudies(world.out);
  expect(studies.length).toBeLessThanOrEqual(1);
  return studies[0];
}

export function logFile(world: World): string {
  const study = theStudy(world);
  if (study === undefined) throw new Error('there is no study');
  return studyPaths(study).log;
}

export function eventsOf(world: World): readonly StudyEvent[] {
  return readExperimentLog(logFile(world)).events;
}

export function historyOf(world: World): History {
  const history = new History();
  for (const event of eventsOf(world)) history.apply(event);
  return history;
}

/** What was proposed, by trial: the same for a study that was never disturbed and for one that was. */
export function proposalsOf(world: World): unknown[] {
  return historyOf(world).trials.map(({ proposal }) => [proposal.origin, proposal.hyperparameters]);
}

/** The bytes of the log that the study has acknowledged: all that was there when a sync of it last returned. */
export function acknowledgedLog(world: World): string {
  if (theStudy(world) === undefined) return '';
  const synced = world.record().flatMap((line) => /^synced (\d+)$/.exec(line)?.[1] ?? []);
  const text = readFileSync(logFile(world), 'utf8');
  const bytes = Number(synced.at(-1) ?? 0);
  expect(Buffer.byteLength(text)).toBeGreaterThanOrEqual(bytes);
  return Buffer.from(text).subarray(0, bytes).toString('utf8');
}

/**
 * A study that was disturbed and went on is as good as one that was not: all trials complete under their own numbers,
 * the proposals those of the undisturbed one, every acknowledged byte where it was, no attempt trained twice, nothing
 * left alive.
 */
export async function expectWhole(
  world: World,
  expected: { trials: number; proposals: unknown; acknowledged: string },
): Promise<void> {
  const history = historyOf(world);
  expect(history.trials.map(({ number, state }) => [number, state])).toEqual(
    Array.from({ length: expected.trials }, (_, index) => [index + 1, 'complete']),
  );
  expect(history.end).toMatchObject({ status: 'complete', reason: 'trial-budget' });
  expect(proposalsOf(world)).toEqual(expected.proposals);
  expect(readFileSync(logFile(world), 'utf8').startsWith(expected.acknowledged)).toBe(true);
  expectNoRepeats(world);
  expect(existsSync(studyPaths(theStudy(world) ?? '').report)).toBe(true);
  await expectNothingAlive(world);
}

/** No attempt's script ran twice. */
export function expectNoRepeats(world: World): void {
  expect(world.ledger()).toEqual([...new Set(world.ledger())]);
}

/** A shell that has just been told to end may still be on its way; nothing stays. */
export async function expectNothingAlive(world: World): Promise<void> {
  await until('nothing of the study is alive', () => world.alive().length === 0, 15);
}

/** An error that a user can read: a code, a hint, no stack, nothing that nobody caught. */
export function expectCleanError({ exitCode, signal, stdout, stderr }: Ended): void {
  expect(signal).toBeNull();
  expect(`${stdout}${stderr}`).toMatch(/error \[[a-z-]+\] /);
  expect(stderr).not.toMatch(/^ +at |unhandled|This is a bug/im);
  expect(exitCode).not.toBe(0);
}
