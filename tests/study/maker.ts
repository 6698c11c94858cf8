import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { EventBody, EventOf } from '../../study/events.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder for one test; gone when the tests are over. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agenthpo-test-'));
  folders.push(folder);
  return folder;
}

/** The first event of a study on a space with one float `x` in [0, 1], minimising `loss`. */
export function studyStarted(changes: Partial<EventOf<'study-started'>> = {}): EventBody {
  return {
    event: 'study-started',
    study: 'test',
    task: 'test',
    strategy: 'random',
    executor: 'direct',
    model: null,
    seed: 1,
    space: { hyperparameters: { x: { type: 'float', range: [0, 1], default: 0.5 } } },
    objective: { metric: 'loss', direction: 'minimize', at: 'last', constraints: [] },
    profile: null,
    budget: { trials: 3 },
    codeHash: 'code-1',
    prompts: {},
    standIn: false,
    versions: {},
    ...changes,
  };
}

export function trialProposed(trial: number, x: number): EventBody {
  return {
    event: 'trial-proposed',
    trial,
    proposal: { origin: trial === 1 ? 'default' : 'random', hyperparameters: { x } },
  };
}

export function attemptStarted(trial: number, attempt = 1, codeHash = 'code-1'): EventBody {
  return { event: 'attempt-started', trial, attempt, codeHash, configHash: 'config', timeLimitSeconds: 600 };
}

export function attemptEnded(
  trial: number,
  attempt = 1,
  outcome: EventOf<'attempt-ended'>['outcome'] = 'exited',
): EventBody {
  const exitCode = outcome === 'exited' ? 0 : null;
  return {
    event: 'attempt-ended',
    trial,
    attempt,
    outcome,
    exitCode,
    signal: null,
    wallSeconds: 1,
    peakMemoryBytes: null,
  };
}

export function trialCompleted(
  trial: number,
  value: number,
  changes: Partial<EventOf<'trial-finished'>> = {},
): EventBody {
  return {
    event: 'trial-finished',
    trial,
    state: 'complete',
    metrics: { loss: value },
    value,
    brokenConstraints: [],
    ...changes,
  };
}

/** Everything a complete trial leaves in the log. */
export function aCompleteTrial(trial: number, x: number, value: number): EventBody[] {
  return [trialProposed(trial, x), attemptStarted(trial), attemptEnded(trial), trialCompleted(trial, value)];
}
