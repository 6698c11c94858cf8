/**
 * How long the log of a very long study takes to read, check and replay (DESIGN 5: 10,000 trials in a second at most).
 *
 *     npm run bench:replay
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawValid } from '../dist/samplers/draw.js';
import { formatLine, readExperimentLog } from '../dist/study/experiment-log.js';
import { History } from '../dist/study/history.js';
import { loadTask } from '../dist/study/load-task.js';
import { createRandom } from '../dist/study/random.js';
import { describeMachine, elapsedMs, report } from './support/measure.mjs';
import { inScratchFolder, ROOT } from './support/workplace.mjs';

const TRIALS = 10_000;
const RUNS = 7;

console.log(describeMachine());
await inScratchFolder(async (folder) => {
  const { space, objective } = loadTask(join(ROOT, 'tasks/digits'), { sets: {} });
  const random = createRandom(1, 'bench', 1);
  for (const { name, goal, calls } of [
    { name: 'random, direct', goal: 1000, calls: [] },
    { name: 'creator, direct', goal: 1000, calls: ['creator', 'executor'] },
    { name: 'creator, agent', calls: ['creator', 'creator', 'executor', 'executor', 'executor', 'executor'] },
  ]) {
    const file = join(folder, `${name}.jsonl`);
    const lines = writeLog(file, { space, objective, random, calls });
    const times = [];
    for (let run = 0; run < RUNS; run++) times.push(await elapsedMs(() => replay(file)));
    const size = `${lines} lines, ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB`;
    report(`replay of ${TRIALS} trials (${name})`, times, { atMost: goal, digits: 0, note: size });
  }
});

function replay(file) {
  const history = new History();
  for (const event of readExperimentLog(file).events) history.apply(event);
  if (history.complete.length !== TRIALS) throw new Error(`${history.complete.length} trials were replayed`);
}

/** Without a sync a line: this is about reading. Answers the number of lines. */
function writeLog(file, { space, objective, random, calls }) {
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  const bodies = [studyStarted(space, objective)];
  for (let trial = 1; trial <= TRIALS; trial++) bodies.push(...trialEvents(trial, drawValid(space, random), calls));
  const text = bodies.map((body, index) =>
    formatLine({ v: 1, seq: index + 1, at: new Date(start + index * 500).toISOString(), ...body }),
  );
  writeFileSync(file, text.join(''));
  return text.length;
}

function studyStarted(space, objective) {
  return {
    event: 'study-started',
    study: 'bench',
    task: 'digits',
    strategy: 'creator',
    executor: 'agent',
    model: 'offline',
    seed: 1,
    space: space.toSpec(),
    objective,
    profile: null,
    budget: { trials: TRIALS },
    codeHash: 'a'.repeat(64),
    prompts: {},
    standIn: false,
    versions: {},
  };
}

/** What a trial of tasks/digits leaves in the log, with words and curves of the usual length. */
function trialEvents(trial, hyperparameters, calls) {
  const value = 0.1 + ((trial * 0.618) % 1);
  const call = (role) => ({
    event: 'model-called',
    role,
    trial,
    model: 'offline',
    promptTokens: 2400,
    completionTokens: 180,
    costUsd: 0,
    seconds: 0.031,
  });
  return [
    ...calls.filter((role) => role === 'creator').map(call),
    { event: 'trial-proposed', trial, proposal: proposal(hyperparameters) },
    {
      event: 'attempt-started',
      trial,
      attempt: 1,
      codeHash: 'a'.repeat(64),
      configHash: 'b'.repeat(64),
      timeLimitSeconds: 600,
    },
    {
      event: 'attempt-ended',
      trial,
      attempt: 1,
      outcome: 'exited',
      exitCode: 0,
      signal: null,
      wallSeconds: 1.53,
      peakMemoryBytes: 98_304_000,
    },
    ...calls.filter((role) => role === 'executor').map(call),
    {
      event: 'trial-finished',
      trial,
      state: 'complete',
      metrics: { epoch: 20, train_loss: value * 0.9, train_accuracy: 0.97, val_loss: value, val_accuracy: 0.95 },
      value,
      brokenConstraints: [],
      curve: curve(value),
      summary: 'The validation loss fell steadily and was still falling at the last epoch. '.repeat(4),
      summaryBy: 'offline',
    },
  ];
}

function proposal(hyperparameters) {
  const reason = 'The three best trials lie in this part of its range, and the model expects more there.';
  return {
    origin: 'offline',
    hyperparameters,
    rationale: reason.repeat(3),
    basedOn: 'default',
    reasons: Object.fromEntries(Object.keys(hyperparameters).map((name) => [name, reason])),
    expects: { outcome: 'better', value: 0.2 },
    intent: 'exploit',
  };
}

function curve(value) {
  const sample = Array.from({ length: 12 }, (_, index) => [index + 1, value + 2 / (index + 1)]);
  return {
    points: 20,
    first: value + 2,
    last: value,
    best: value,
    bestStep: 20,
    lastStep: 20,
    diverged: false,
    stillImproving: true,
    overfitting: false,
    sample,
    training: value * 0.9,
  };
}
