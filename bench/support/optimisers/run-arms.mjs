import { createHash } from 'node:crypto';
import { isOurs, startArm } from './arms.mjs';
import { problemsOf } from './catalogue.mjs';
import { snapshotProgram } from './program.mjs';
import { appendResult, dropOtherPrograms, readResults } from './results.mjs';
import { recordTestRun } from './test-runs.mjs';

/**
 * Runs the studies that the kept results lack, seeds outermost: whenever it is stopped, all arms have the same seeds. An
 * optimiser that breaks down has that kept as its study. An arm whose process cannot be started, or dies, is left out from
 * there on: it is tried again by the next run.
 */
export async function runArms({ split, arms, seeds, trials, parallel, reason, only }) {
  const program = arms.some(isOurs) ? snapshotProgram() : undefined;
  const programOf = (arm) => (isOurs(arm) ? program.version : undefined);
  for (const arm of arms)
    if (split === 'test') recordTestRun({ arm, program: programOf(arm), seeds: seeds.length, reason });
    else dropOtherPrograms(split, arm, programOf(arm));

  const problems = problemsOf(split).filter(({ name }) => only.test(name));
  const all = seeds.flatMap((seed) =>
    arms.flatMap((arm) => problems.map(({ name }) => ({ arm, problem: name, seed }))),
  );
  const done = new Set(arms.flatMap((arm) => doneOf(split, arm, programOf(arm))));
  const jobs = all.filter((job) => !done.has(keyOf(job)));
  const leftOut = new Set();
  const work = async () => {
    const workers = new Map();
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { arm, ...study } = job;
      if (leftOut.has(arm)) continue;
      try {
        if (!workers.has(arm)) workers.set(arm, startArm(arm, program));
        const answer = await workers.get(arm).ask({ ...study, samplerSeed: samplerSeedOf(job), trials });
        appendResult(split, arm, { ...study, program: programOf(arm), ...answer });
        console.error(`${keyOf(job)}: ${describe(answer)} (${jobs.length} studies left)`);
      } catch (error) {
        leftOut.add(arm);
        console.error(`${arm} is left out from here on: ${error.message}`);
      }
    }
    await Promise.all([...workers.values()].map((worker) => worker.close()));
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

/** The same for all arms, another for each problem: else what is luck on one problem is luck on all of them. */
function samplerSeedOf({ problem, seed }) {
  return createHash('sha256').update(`${problem} ${seed}`).digest().readUInt32LE(0) >>> 1;
}

function doneOf(split, arm, program) {
  const studies = readResults(split, arm).filter((study) => study.program === program);
  return studies.map(({ problem, seed }) => keyOf({ arm, problem, seed }));
}

function keyOf({ arm, problem, seed }) {
  return `${arm}, ${problem}, seed ${seed}`;
}

function describe({ error, trials }) {
  if (error !== undefined) return `broke down: ${error.trim().split('\n').at(-1)}`;
  return Math.min(...trials.flatMap(({ loss }) => loss ?? [])).toPrecision(4);
}
