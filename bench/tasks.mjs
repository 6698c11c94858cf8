/**
 * What tuning brings on the tasks of tasks/: ten trials with the offline optimiser, real trainings in the default profile,
 * then the best and the defaults trained again under several seeds and judged by the test metric, which tuning never saw.
 *
 *     AGENTHPO_DATA=… npm run bench:tasks
 *     npm run bench:tasks -- --report                        (only the table, from the results kept)
 *
 * Each task is tuned in a copy of its folder. A task whose data is not there has no row; with stand-in data nothing is run.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { describeMachine } from './support/measure.mjs';
import { describeTasks } from './support/task-table.mjs';
import { COMMAND, inScratchFolder, ROOT } from './support/workplace.mjs';

/** Those without a test metric are compared by the objective of the study itself: their scripts draw no random numbers. */
const TASKS = [
  { task: 'digits' },
  { task: 'water-potability' },
  { task: 'house-price' },
  { task: 'hpobench-svm' },
  { task: 'hpobench-logistic' },
  { task: 'hpobench-forest' },
  { task: 'hpobench-mlp' },
  { task: 'cora' },
  { task: 'ecommerce' },
  { task: 'sst2' },
  { task: 'nyc-taxi' },
  { task: 'cifar10' },
  { task: 'pubmed' },
  { task: 'opus-books' },
  { task: 'cifar10-resnet9' },
  { task: 'cifar10-vit' },
  { task: 'toy-functions', hasNoTest: true },
  { task: 'gradient-descent', hasNoTest: true },
];
const FILE = join(ROOT, 'bench/tasks-results.jsonl');

const { values: options } = parseArgs({
  options: {
    report: { type: 'boolean', default: false },
    tasks: { type: 'string', default: '' },
    trials: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '5' },
  },
});

const run = promisify(execFile);
if (!options.report) {
  console.error(describeMachine());
  for (let seed = 1; seed <= Number(options.seeds); seed++) await runAll(seed);
}
console.log(describeTasks(keptResults()));

async function runAll(seed) {
  const wanted = new RegExp(options.tasks);
  const done = new Set(keptResults().map((result) => `${result.task} ${result.seed}`));
  for (const each of TASKS.filter(({ task }) => wanted.test(task) && !done.has(`${task} ${seed}`))) {
    try {
      const result = await inScratchFolder((folder) => study(folder, { ...each, seed }));
      appendFileSync(FILE, `${JSON.stringify(result)}\n`);
      console.error(`${each.task}, seed ${seed}: ${result.default} → ${result.best}`);
    } catch (error) {
      // Its data or its packages cannot be had here: that is said, and the other tasks have their rows.
      console.error(`${each.task} is left out: ${lastLines(error.stderr || error.stdout || error.message)}`);
    }
  }
}

async function study(folder, { task, hasNoTest = false, seed }) {
  const copy = join(folder, task);
  cpSync(join(ROOT, 'tasks', task), copy, { recursive: true });
  const common = ['--out', join(folder, 'logs'), '--json'];
  const agenthpo = async (...words) => JSON.parse((await run('node', [COMMAND, ...words, ...common])).stdout);
  const tuning = [
    '--yes',
    '--model',
    'offline',
    '--executor',
    'direct',
    '--trials',
    options.trials,
    '--seed',
    String(seed),
  ];
  const tuned = await agenthpo('tune', copy, ...tuning);
  const [first] = (await agenthpo('show', 'latest')).trials;
  const tested = hasNoTest ? undefined : await agenthpo('evaluate', 'latest', '--yes', '--repeats', options.repeats);
  return {
    task,
    seed,
    metric: tuned.objective.metric,
    direction: tuned.objective.direction,
    trivial: tuned.trivial,
    default: first.value,
    best: tuned.best.value,
    bestTrial: tuned.best.trial,
    trials: tuned.trials,
    secondsATrial: tuned.durationSeconds / tuned.trials.total,
    ...(tested && { test: { metric: tested.metric, direction: tested.direction, seeds: tested.seeds } }),
  };
}

function keptResults() {
  if (!existsSync(FILE)) return [];
  return readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function lastLines(text) {
  return text.trim().split('\n').slice(-2).join(' ');
}
