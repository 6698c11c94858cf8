import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workplace.mjs';
import { ARMS, isOurs } from './arms.mjs';

const FOLDER = join(ROOT, 'bench/results-optimisers');

/**
 * The kept results: a file for each arm of a split, a line for each study: `{problem, seed, program, version, trials}`, with
 * losses, true losses where there is noise, and the share of seconds that each trial took to be proposed.
 */
export function resultsFile(split, arm) {
  return join(FOLDER, split, `${arm.replaceAll(/[^\w+-]+/g, '-')}.jsonl`);
}

/** The studies of one arm; of a program that was measured in several versions those of the last. */
export function readResults(split, arm) {
  const studies = readJsonLines(resultsFile(split, arm));
  const last = studies.at(-1)?.program;
  return studies.filter(({ program }) => program === last);
}

export function readAllResults(split) {
  return Object.keys(ARMS).flatMap((arm) => readResults(split, arm).map((study) => ({ arm, ...study })));
}

/** Adds a study at the end of its arm’s file. */
export function appendResult(split, arm, study) {
  mkdirSync(join(FOLDER, split), { recursive: true });
  appendFileSync(resultsFile(split, arm), `${JSON.stringify(study)}\n`);
}

/** Studies of other versions of the program make room: on development problems only the last version counts. */
export function dropOtherPrograms(split, arm, program) {
  if (!isOurs(arm) || !existsSync(resultsFile(split, arm))) return;
  const kept = readJsonLines(resultsFile(split, arm)).filter((study) => study.program === program);
  writeFileSync(resultsFile(split, arm), kept.map((study) => `${JSON.stringify(study)}\n`).join(''));
}

export function readJsonLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
