import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG } from './task-folder.mjs';

const OUTCOME = { outcome: 'exited', exitCode: 0, signal: null, wallSeconds: 1, peakMemoryBytes: 1e8 };

/**
 * A runner (runners/runner.ts) whose trainings are answered by the oracle. `names` gives the problem’s own name for each
 * parameter of the task. What came of each training, in order, is kept in `trials`; `seconds` is what passed since the one
 * before: proposing, and all that a study writes.
 */
export function createOracleRunner(names, evaluate) {
  const trials = [];
  let endedAt = performance.now();
  return {
    trials,
    run: async ({ folder, command }) => {
      const seconds = (performance.now() - endedAt) / 1000;
      const values = valuesIn(command, names);
      const result = await evaluate(values);
      if (result.error !== undefined) throw new Error(result.error);
      const isNew = !trials.some((trial) => trial.key === JSON.stringify(values));
      const kept = { ...result, seconds: Number(seconds.toFixed(4)), isNew };
      trials.push(Object.defineProperty(kept, 'key', { value: JSON.stringify(values), enumerable: false }));
      const failed = result.failed !== undefined;
      writeFileSync(join(folder, 'stdout.log'), failed ? `${result.failed}\n` : '');
      writeFileSync(join(folder, LOG), failed ? '' : `${JSON.stringify({ loss: result.loss })}\n`);
      endedAt = performance.now();
      return { ...OUTCOME, exitCode: failed ? 1 : 0 };
    },
    recover: async () => ({ ...OUTCOME, outcome: 'lost' }),
    survivors: async () => [],
    end: async () => undefined,
  };
}

/** The values that a training was started with: `--name=value`, every one a number. */
function valuesIn(command, names) {
  const flags = command.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('='));
  return Object.fromEntries(flags.map(([name, value]) => [names.get(name), Number(value)]));
}
