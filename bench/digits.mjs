/**
 * Is the offline Creator worth its place? Studies of 10 trials on tasks/digits, real trainings, three arms, the same
 * seeds for each; a seed is also that of its trainings, so that arms differ in what they propose and in nothing else.
 *
 *     npm run bench:digits -- --seeds 20 --parallel 2
 *     npm run bench:digits -- --from bench/digits-results.jsonl      (only the table, from results kept before)
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { readExperimentLog } from '../dist/study/experiment-log.js';
import { History } from '../dist/study/history.js';
import { compareArms } from './support/compare-arms.mjs';
import { describeMachine } from './support/measure.mjs';
import { COMMAND, RESULTS, ROOT } from './support/workplace.mjs';

const TRIALS = 10;
/** What `tune` is told in each arm. */
const ARMS = {
  random: ['--strategy', 'random', '--no-default'],
  'default+random': ['--strategy', 'random'],
  'offline creator': ['--strategy', 'creator', '--model', 'offline'],
};
const COMPARISONS = [
  { arm: 'offline creator', against: 'random', goal: 0.8 },
  { arm: 'offline creator', against: 'default+random', goal: 0.65 },
];

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '1' },
    from: { type: 'string' },
  },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => Number(options.first) + index);

console.log(describeMachine());
const file = options.from ?? join(RESULTS, `digits-${programHash()}.jsonl`);
if (options.from === undefined) await runMissing(file);
compareArms(resultsIn(file), { arms: Object.keys(ARMS), comparisons: COMPARISONS, seeds });
console.log(`\nfrom ${file}`);

/** Runs what the file has no result of yet: an interrupted run goes on where it was. */
async function runMissing(results) {
  mkdirSync(RESULTS, { recursive: true });
  const done = new Set(resultsIn(results).map(({ arm, seed }) => `${arm} ${seed}`));
  const jobs = seeds.flatMap((seed) => Object.keys(ARMS).map((arm) => ({ arm, seed })));
  const waiting = jobs.filter(({ arm, seed }) => !done.has(`${arm} ${seed}`));
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const result = await runStudy(job);
      appendFileSync(results, `${JSON.stringify(result)}\n`);
      const best = Math.min(...result.trials.flatMap(({ value }) => value ?? []));
      console.error(`${job.arm}, seed ${job.seed}: ${best.toFixed(4)} (${waiting.length} studies to begin)`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.parallel) }, work));
}

/** One study through the command line, as a user would run it. */
async function runStudy({ arm, seed }) {
  const out = join(RESULTS, `study-${process.pid}-${arm.replaceAll(/\W/g, '-')}-${seed}`);
  const words = ['tune', join(ROOT, 'tasks/digits'), ...ARMS[arm], '--executor', 'direct', '--trials', String(TRIALS)];
  const all = [...words, '--seed', String(seed), '--out', out, '--yes', '--json', '--plain'];
  // One thread a training: studies side by side do not take each other’s cores, and rounding is the same everywhere.
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...all], { cwd: ROOT, env });
  const { study, durationSeconds } = JSON.parse(stdout);
  const trials = trialsOf(join(study, 'experiment-log.jsonl'));
  rmSync(out, { recursive: true });
  return { arm, seed, durationSeconds, trials };
}

function trialsOf(log) {
  const history = new History();
  for (const event of readExperimentLog(log).events) history.apply(event);
  if (history.finished.length !== TRIALS) throw new Error(`${log} has ${history.finished.length} finished trials`);
  return history.finished.map(({ state, value = null, proposal }) => ({ origin: proposal.origin, state, value }));
}

function resultsIn(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Results of another program or another task do not mix. */
function programHash() {
  const hash = createHash('sha256');
  for (const folder of ['dist', 'tasks/digits'])
    for (const path of readdirSync(join(ROOT, folder), { recursive: true }).sort())
      if (/\.(js|md|py|yaml|txt|sh)$/.test(path)) hash.update(path).update(readFileSync(join(ROOT, folder, path)));
  return hash.digest('hex').slice(0, 12);
}
