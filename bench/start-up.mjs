/**
 * What a person waits for before anything happens (DESIGN 5): the help, and the first training of a study. Each is
 * compared with a yardstick that runs by turns with it, so that other work on the machine meets both.
 *
 *     npm run bench:start-up
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readExperimentLog } from '../dist/study/experiment-log.js';
import { listStudies } from '../dist/study/study-folder.js';
import { describeMachine, elapsedMs, median, report } from './support/measure.mjs';
import { COMMAND, inScratchFolder, ROOT } from './support/workplace.mjs';

const RUNS = 11;
const IMPORT = "await import('langchain'); process.stdout.write(String(Date.now()))";

console.log(describeMachine());
await inScratchFolder(async (folder) => {
  const times = { node: [], help: [], langchain: [], training: [] };
  for (let run = 0; run < RUNS; run++) {
    times.node.push(await elapsedMs(() => node(['-e', '0'])));
    times.help.push(await elapsedMs(() => node([COMMAND, '--help'])));
    times.langchain.push(await untilImported());
    times.training.push(await untilFirstTraining(join(folder, String(run))));
  }
  report('node -e 0', times.node, { digits: 0 });
  report('agenthpo --help', times.help, { digits: 0 });
  report('  ratio', [median(times.help) / median(times.node)], { unit: 'x', digits: 2, atMost: 1.7 });
  report('importing langchain alone', times.langchain, { digits: 0 });
  report('agenthpo tune to the first training', times.training, { digits: 0 });
  report('  ratio', [median(times.training) / median(times.langchain)], { unit: 'x', digits: 2, atMost: 1.5 });
});

/** From the start of the process to its word that the import is done. */
async function untilImported() {
  const start = Date.now();
  return Number(await node(['--input-type=module', '-e', IMPORT])) - start;
}

/** From the start of the process to the log’s word that the first training starts. */
async function untilFirstTraining(folder) {
  mkdirSync(folder);
  const start = Date.now();
  const words = ['tune', 'quadratic', '--model', 'offline', '--trials', '1', '--yes', '--plain', '--out', folder];
  await node([COMMAND, ...words], folder);
  const [study] = listStudies(folder);
  const { events } = readExperimentLog(join(study, 'experiment-log.jsonl'));
  return Date.parse(events.find(({ event }) => event === 'attempt-started').at) - start;
}

/** Runs Node to its end and answers what it printed on stdout. */
async function node(words, workingFolder = ROOT) {
  const child = spawn(process.execPath, words, { cwd: workingFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [printed, complaints] = await Promise.all([child.stdout, child.stderr].map((stream) => stream.toArray()));
  const [code] = await ended;
  if (code !== 0) throw new Error(`node ${words.join(' ')} ended with exit code ${code}: ${complaints.join('')}`);
  return printed.join('');
}
