import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workplace.mjs';
import { isOurs } from './arms.mjs';
import { readJsonLines } from './results.mjs';

const LOG = join(ROOT, 'bench/test-runs.jsonl');

/**
 * Writes down that an arm is run on the test problems, or refuses. Going on with an interrupted run is the same run; another
 * version of our program on problems that it has met before is a second look, which needs a reason.
 */
export function recordTestRun({ arm, program, seeds, reason }) {
  const earlier = readJsonLines(LOG).filter((run) => run.arm === arm);
  const last = earlier.at(-1);
  const isSameRun = last !== undefined && last.program === program && last.seeds === seeds;
  if (isSameRun) return;
  const isSecondLook = last !== undefined && isOurs(arm) && last.program !== program;
  if (isSecondLook && reason === undefined)
    throw new Error(
      `${arm} ran on the test problems on ${last.date} (commit ${last.commit}). Say why it has to run again: --reason "…"`,
    );
  const date = new Date().toISOString().slice(0, 16);
  const run = {
    date,
    commit: commit(),
    arm,
    program,
    seeds,
    reason: reason ?? (last === undefined ? 'first run' : 'more seeds'),
  };
  appendFileSync(LOG, `${JSON.stringify(run)}\n`);
}

function commit() {
  const git = (...words) => execFileSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', ':!bench') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? '-dirty' : ''}`;
}
