import { isOurs, startArm } from './arms.mjs';
import { problemsOf } from './catalogue.mjs';
import { snapshotProgram } from './program.mjs';
import { appendResult, dropOtherPrograms, readResults } from './results.mjs';
import { recordTestRun } from './test-runs.mjs';

/**
 * Runs the studies that the kept results lack, seeds outermost: whenever it is stopped, all arms have the same seeds. An
 * arm that breaks down loses that study, and its process is started anew for the next one.
 */
export async function runArms({ split, arms, seeds, trials, parallel, reason, only }) {
  const program = arms.some(isOurs) ? snapshotProgram() : undefined;
  const programOf = (arm) => (isOurs(arm) ? program.version : undefined);
  for (const arm of arms)
    if (split === 'test') recordTestRun({ arm, program: programOf(arm), seeds: seeds.length, reason });
    else dropOtherPrograms(split, arm, programOf(arm));

  const problems = problemsOf(split).filter(({ name }) => only.test(name));
  const waiting = seeds.flatMap((seed) =>
    arms.flatMap((arm) => problems.map(({ name }) => ({ arm, problem: name, seed }))),
  );
  const done = new Set(arms.flatMap((arm) => doneOf(split, arm, programOf(arm))));
  const jobs = waiting.filter((job) => !done.has(keyOf(job)));
  let left = jobs.length;
  const work = async () => {
    const processes = new Map();
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const answer = await runStudy(processes, job, { program, trials });
      const { arm, ...study } = job;
      appendResult(split, arm, { ...study, program: programOf(arm), ...answer });
      left -= 1;
      console.error(`${arm}, ${job.problem}, seed ${job.seed}: ${describe(answer)} (${left} studies left)`);
    }
    await Promise.all([...processes.values()].map((process) => process.close()));
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

function doneOf(split, arm, program) {
  const studies = readResults(split, arm).filter((study) => study.program === program);
  return studies.map(({ problem, seed }) => keyOf({ arm, problem, seed }));
}

function keyOf({ arm, problem, seed }) {
  return `${arm} ${problem} ${seed}`;
}

async function runStudy(processes, { arm, problem, seed }, { program, trials }) {
  const running = processes.get(arm) ?? startArm(arm, program);
  processes.set(arm, running);
  try {
    return await running.ask({ problem, seed, trials });
  } catch (error) {
    processes.delete(arm);
    return { error: error.message };
  }
}

function describe({ error, trials }) {
  if (error !== undefined) return `broke down: ${error.trim().split('\n').at(-1)}`;
  return Math.min(...trials.flatMap(({ loss }) => loss ?? [])).toPrecision(4);
}
