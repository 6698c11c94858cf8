/**
 * agenthpo’s optimisers beside others, on the problems of bench/problems.yaml: same space, first point, budget and seeds.
 *
 *     node bench/optimisers.mjs --run --split dev --arms gp,tpe --seeds 10
 *     node bench/optimisers.mjs --report --split dev
 *
 * bench/README.md says what it needs and how to read it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './support/measure.mjs';
import { ARMS } from './support/optimisers/arms.mjs';
import { writeReport } from './support/optimisers/report.mjs';
import { runArms } from './support/optimisers/run-arms.mjs';

const { values: options } = parseArgs({
  options: {
    run: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    split: { type: 'string', default: 'dev' },
    arms: { type: 'string' },
    problems: { type: 'string', default: '' },
    seeds: { type: 'string', default: '10' },
    trials: { type: 'string', default: '30' },
    parallel: { type: 'string', default: '1' },
    reason: { type: 'string' },
  },
});
const arms = options.arms?.split(',').map((arm) => arm.trim()) ?? Object.keys(ARMS);
const unknown = arms.filter((arm) => !(arm in ARMS));
if (unknown.length > 0)
  throw new Error(`There is no arm ${unknown.join(', ')}; there are ${Object.keys(ARMS).join(', ')}`);
if (!options.run && !options.report) throw new Error('Say what to do: --run, --report, or both');

if (options.run) {
  requireData();
  console.error(describeMachine());
  await runArms({
    split: options.split,
    arms,
    seeds: Array.from({ length: Number(options.seeds) }, (_, index) => index + 1),
    trials: Number(options.trials),
    parallel: Number(options.parallel),
    reason: options.reason,
    only: new RegExp(options.problems),
  });
}
if (options.report) writeReport({ split: options.split, arms });

function requireData() {
  const data = process.env.AGENTHPO_BENCH_DATA ?? '';
  const missing = ['yahpo-lcbench', 'taskset'].filter((folder) => !existsSync(join(data, folder)));
  if (missing.length > 0)
    throw new Error(
      `AGENTHPO_BENCH_DATA=${data} must name a folder that holds ${missing.join(' and ')} (bench/README.md)`,
    );
}
