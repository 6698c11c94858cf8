/**
 * Runs studies of one of agenthpo’s own arms, for bench/optimisers.mjs: a job a line on stdin, its study a line on stdout,
 * as bench/peers does for the others. They are real studies, with task folder, log and tools; only a training is a
 * question to the oracle.
 *
 *     node bench/support/optimisers/our-studies.mjs '<arm>' <folder of the built program>
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../workplace.mjs';
import { ARMS } from './arms.mjs';
import { allProblems } from './catalogue.mjs';
import { JsonLinesProcess } from './json-lines-process.mjs';
import { createOracleRunner } from './oracle-runner.mjs';
import { pythonEnvironment, pythonOf } from './pythons.mjs';
import { writeTask } from './task-folder.mjs';

const [arm = '', program = 'dist'] = process.argv.slice(2);
const { settings, model = null, isAnonymous = false } = ARMS[arm];
const problems = new Map(allProblems().map((problem) => [problem.name, problem]));
const load = (path) => import(pathToFileURL(resolve(ROOT, program, path)).href);
const { beginStudy } = await load('cli/begin-study.js');
const { progressFor } = await load('cli/progress-for.js');
const { workOnStudy } = await load('cli/work-on-study.js');
const { settingsSchema } = await load('configs/schema.js');
const { loadTask } = await load('study/load-task.js');

const oracle = new JsonLinesProcess([pythonOf('oracle'), '-m', 'problems'], {
  cwd: join(ROOT, 'bench'),
  env: pythonEnvironment(),
});
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(line)));
await oracle.close();

async function answer(line) {
  const folder = mkdtempSync(join(tmpdir(), 'agenthpo-bench-'));
  try {
    return { version: 'agenthpo', trials: await runStudy(folder, JSON.parse(line)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runStudy(folder, { problem, seed, samplerSeed, trials }) {
  const { task, names } = writeTask(folder, problems.get(problem), isAnonymous);
  const runner = createOracleRunner(names, (values) => oracle.ask({ problem, seed, values }));
  const context = contextIn(folder);
  const study = beginStudy({
    context,
    settings: settingsSchema.parse({ ...settings, executor: 'direct', trials, out: 'studies' }),
    task: loadTask(task, { sets: {} }),
    sets: {},
    model,
    models: model === null ? null : { creator: model, executor: model, report: model },
    python: { interpreter: process.execPath, version: 'none', source: 'explicit', prefix: '', variables: {} },
    seed: samplerSeed,
    beginWithDefault: true,
    isApproved: false,
    prompts: {},
    say: () => undefined,
  });
  const { end } = await workOnStudy(study, { context, progress: progressFor(context, true), runner });
  if (runner.trials.length !== trials && end.reason !== 'space-exhausted')
    throw new Error(`the study ended after ${runner.trials.length} trials: ${end.message}`);
  return runner.trials;
}

function contextIn(folder) {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const state = join(folder, 'state');
  mkdirSync(state);
  return {
    workingFolder: folder,
    environment: { PATH: process.env.PATH, XDG_STATE_HOME: state },
    stdout: nowhere,
    stderr: nowhere,
    signal: new AbortController().signal,
    commandLine: ['bench'],
  };
}
