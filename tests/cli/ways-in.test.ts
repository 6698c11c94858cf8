import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readExperimentLog } from '../../study/experiment-log.ts';
import { QUICK, Workplace } from './run-cli.ts';

const WAYS_IN = join(import.meta.dirname, '..', 'fixtures', 'ways-in');
const hasTomllib = spawnSync('python3', ['-c', 'import tomllib'], { timeout: 20_000 }).status === 0;

/** What each trial proposed, by number. */
function proposals(study: string) {
  const { events } = readExperimentLog(join(study, 'experiment-log.jsonl'));
  return events.flatMap((event) =>
    event.event === 'trial-proposed' ? [[event.trial, event.proposal.hyperparameters] as const] : [],
  );
}

test.for([
  { way: 'flags', isPossible: true },
  { way: 'overrides', isPossible: true },
  { way: 'variables', isPossible: true },
  { way: 'json-config', isPossible: true },
  { way: 'toml-config', isPossible: hasTomllib },
])('a script with $way gets exactly what was proposed', async ({ way, isPossible }, { skip }) => {
  skip(!isPossible, 'python3 has no tomllib (3.11)');
  const workplace = new Workplace();
  const task = join(workplace.folder, way);
  cpSync(join(WAYS_IN, way), task, { recursive: true });
  const words = ['tune', task, ...QUICK, '--trials', '6', '--json'];
  const { code, stdout, stderr } = await workplace.run(words, { OMP_NUM_THREADS: '8' });
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  const { study, trials } = z
    .object({ study: z.string(), trials: z.object({ complete: z.number() }) })
    .parse(JSON.parse(stdout));
  expect(trials.complete).toBe(6);
  for (const [number, proposed] of proposals(study)) {
    const file = join(study, 'trials', String(number).padStart(4, '0'), 'received.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(proposed);
  }
});
