/**
 * What agenthpo itself costs a trial (DESIGN 5), with trainings that take no time: bookkeeping, agent loops, wrapper.
 *
 *     npm run bench:overhead
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { OfflineChatModel } from '../dist/agents/models/offline-model.js';
import { beginStudy } from '../dist/cli/begin-study.js';
import { progressFor } from '../dist/cli/progress-for.js';
import { workOnStudy } from '../dist/cli/work-on-study.js';
import { settingsSchema } from '../dist/configs/schema.js';
import { createLocalRunner } from '../dist/runners/local.js';
import { loadTask } from '../dist/study/load-task.js';
import { createInstantRunner } from './support/instant-runner.mjs';
import { describeMachine, elapsedMs, median, report } from './support/measure.mjs';
import { startSyncClock } from './support/sync-clock.mjs';
import { inScratchFolder, ROOT } from './support/workplace.mjs';

/** The length of a usual study. */
const TRIALS = 30;
/** The first trials pay for code that is loaded and compiled then. */
const WARM_UP = 5;
const MANY_TRIALS = 200;
const RUNS = 30;

console.log(describeMachine());
await inScratchFolder(async (folder) => {
  report('write and fdatasync of one log line on this disk', syncTimes(join(folder, 'sync')), { digits: 2 });

  const direct = await gapsOf(folder, { strategy: 'random', executor: 'direct', trials: MANY_TRIALS });
  const usual = direct.slice(0, TRIALS - WARM_UP);
  report(`bookkeeping a trial (random, direct), to trial ${TRIALS}`, usual.map(totalMs), { digits: 2, atMost: 5 });
  describeParts(usual);
  const later = direct.slice(TRIALS - WARM_UP);
  report(`bookkeeping a trial, from there to trial ${MANY_TRIALS}`, later.map(totalMs), { digits: 2, atMost: 5 });
  describeParts(later);

  const agents = await gapsOf(folder, { strategy: 'creator', executor: 'agent', model: 'offline', trials: TRIALS });
  report('agent loops a trial, the model’s own time apart', agents.map(withoutModelMs), { atMost: 50 });
  describeParts(agents);
  report(
    '  apart: the offline model’s own time',
    agents.map(({ modelMs }) => modelMs),
  );

  const { wrapped, bare } = await wrapperTimes(folder);
  report('wrapper with /bin/true', wrapped);
  report('/bin/true alone', bare);
  report('wrapper, the difference', [median(wrapped) - median(bare)], { atMost: 15 });
});

function totalMs({ gapMs }) {
  return gapMs;
}

function withoutModelMs({ gapMs, modelMs }) {
  return gapMs - modelMs;
}

function describeParts(gaps) {
  const syncs = median(gaps.map(({ disk }) => disk.count));
  report(
    `  of it: waiting for the disk (${syncs} syncs)`,
    gaps.map(({ disk }) => disk.spentMs),
    { digits: 2 },
  );
  report(
    '  of it: everything else',
    gaps.map((gap) => withoutModelMs(gap) - gap.disk.spentMs),
    { digits: 2 },
  );
}

/** A whole study whose trainings take no time: per trial after the warm-up, what passes between two trainings. */
async function gapsOf(folder, { model = null, trials, ...choice }) {
  const gaps = [];
  const modelClock = startModelClock();
  const syncClock = startSyncClock();
  const runner = createInstantRunner((gapMs) => {
    gaps.push({ gapMs, modelMs: modelClock.take(), disk: syncClock.take() });
  });
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const context = {
    workingFolder: folder,
    environment: { PATH: process.env.PATH, XDG_STATE_HOME: join(folder, 'state') },
    stdout: nowhere,
    stderr: nowhere,
    signal: new AbortController().signal,
    commandLine: ['bench'],
  };
  const study = beginStudy({
    context,
    settings: settingsSchema.parse({ ...choice, trials, out: folder }),
    task: loadTask(join(ROOT, 'tasks/digits'), { sets: {} }),
    sets: {},
    model,
    models: model === null ? null : { creator: model, executor: model, report: model },
    isApproved: false,
    python: { interpreter: process.execPath, version: 'none', source: 'explicit', prefix: '', variables: {} },
    seed: 1,
    beginWithDefault: true,
    prompts: {},
    say: () => undefined,
  });
  const { end } = await workOnStudy(study, { context, progress: progressFor(context, true), runner });
  modelClock.stop();
  syncClock.stop();
  if (end.status !== 'complete' || gaps.length !== trials - 1) throw new Error(`the study ended early: ${end.message}`);
  return gaps.slice(WARM_UP);
}

/** Counts the time inside of the offline model, so that what remains is what an instant model would leave. */
function startModelClock() {
  const { prototype } = OfflineChatModel;
  const generate = prototype._generate;
  let spentMs = 0;
  prototype._generate = async function (...parameters) {
    const start = performance.now();
    try {
      return await generate.apply(this, parameters);
    } finally {
      spentMs += performance.now() - start;
    }
  };
  return {
    take: () => {
      const taken = spentMs;
      spentMs = 0;
      return taken;
    },
    stop: () => {
      prototype._generate = generate;
    },
  };
}

function syncTimes(file) {
  const line = Buffer.from(`${'x'.repeat(400)}\n`);
  const descriptor = openSync(file, 'a');
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now();
    writeSync(descriptor, line);
    fdatasyncSync(descriptor);
    return performance.now() - start;
  });
  closeSync(descriptor);
  return times;
}

/** By turns, so that a burst of other work on this machine meets both. */
async function wrapperTimes(folder) {
  const runner = createLocalRunner();
  const wrapped = [];
  const bare = [];
  for (let run = 0; run < RUNS; run++) {
    wrapped.push(await elapsedMs(() => runWrapped(runner, join(folder, `run-${run}`))));
    bare.push(await elapsedMs(() => once(spawn('/bin/true', { stdio: 'ignore' }), 'exit')));
  }
  return { wrapped, bare };
}

async function runWrapped(runner, folder) {
  mkdirSync(folder);
  const request = {
    attemptId: 'bench-1',
    folder,
    command: ['/bin/true'],
    environment: { PATH: process.env.PATH, XDG_STATE_HOME: join(folder, 'state') },
    timeLimitSeconds: 60,
    outputLimitBytes: 1e6,
  };
  const { outcome, exitCode } = await runner.run(request, new AbortController().signal);
  if (outcome !== 'exited' || exitCode !== 0) throw new Error(`/bin/true ended ${outcome} with exit code ${exitCode}`);
}
