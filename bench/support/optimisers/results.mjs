import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workplace.mjs';
import { ARMS, isOurs } from './arms.mjs';

const FOLDER = join(ROOT, 'bench/results-optimisers');

/**
 * The kept results: a file for each arm of a split, a line for each study. `losses` has a number or null (failed) for each
 * trial, `true` the same without noise where there is any, `seconds` what each proposal took, `repeated` the trials (from 0)
 * that were tried before.
 */
export function resultsFile(split, arm) {
  return join(FOLDER, split, `${arm}.jsonl`);
}

/** The studies of one arm; of a program that was measured in several versions those of the last. */
export function readResults(split, arm) {
  const studies = readJsonLines(resultsFile(split, arm));
  const last = studies.at(-1)?.program;
  return studies.filter(({ program }) => program === last).map(unpack);
}

export function readAllResults(split) {
  return Object.keys(ARMS).flatMap((arm) => readResults(split, arm).map((study) => ({ arm, ...study })));
}

/** Adds a study at the end of its arm’s file. */
export function appendResult(split, arm, study) {
  mkdirSync(join(FOLDER, split), { recursive: true });
  appendFileSync(resultsFile(split, arm), `${JSON.stringify(pack(study))}\n`);
}

/** Studies of other versions of the program make room: on development problems only the last version counts. */
export function dropOtherPrograms(split, arm, program) {
  if (!isOurs(arm) || !existsSync(resultsFile(split, arm))) return;
  const kept = readJsonLines(resultsFile(split, arm)).filter((study) => study.program === program);
  writeFileSync(resultsFile(split, arm), kept.map((study) => `${JSON.stringify(study)}\n`).join(''));
}

/** Trials as columns: a fifth of the bytes. */
function pack({ trials, ...study }) {
  if (trials === undefined) return study;
  const isNoisy = trials.some((trial) => trial.loss !== trial.true);
  const short = (number) => (number === undefined ? null : Number(number.toPrecision(10)));
  return {
    ...study,
    losses: trials.map(({ loss }) => short(loss)),
    ...(isNoisy && { true: trials.map((trial) => short(trial.true)) }),
    seconds: trials.map(({ seconds }) => Number(seconds.toPrecision(3))),
    repeated: trials.flatMap(({ isNew }, index) => (isNew ? [] : [index])),
  };
}

function unpack({ losses, true: trueLosses = losses, seconds, repeated, ...study }) {
  if (losses === undefined) return study;
  const trials = losses.map((loss, index) => ({
    ...(loss !== null && { loss, true: trueLosses[index] }),
    seconds: seconds[index],
    isNew: !repeated.includes(index),
  }));
  return { ...study, trials };
}

export function readJsonLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
