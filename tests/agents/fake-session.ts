import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Trial, TrialResult } from '../../study/trial.ts';
import type { TrialSession } from '../../tools/trial-session.ts';

export interface FakeSession extends TrialSession {
  /** The verbs in the order they were begun. */
  readonly verbs: string[];
  /** How often the training was really started. */
  readonly runs: () => number;
}

const CURVE = {
  points: 5,
  first: 1,
  last: 0.3,
  best: 0.3,
  bestStep: 5,
  lastStep: 5,
  diverged: false,
  stillImproving: true,
  overfitting: false,
  sample: [
    [1, 1],
    [5, 0.3],
  ] as const,
};

export const COMPLETE: TrialResult = { state: 'complete', metrics: { loss: 0.3 }, value: 0.3, curve: CURVE };

export interface FakeSessionOptions {
  readonly result?: TrialResult;
  readonly trainingMs?: number;
  /** Told when the training has begun. */
  readonly begun?: () => void;
  /** What a broken machine throws in `execute`. */
  readonly broken?: Error;
}

/** One trial’s session in memory: the rules of the real one, with a training that takes as long as asked. */
export function aSession(
  trial: Trial,
  { result = COMPLETE, trainingMs = 0, begun, broken }: FakeSessionOptions = {},
): FakeSession {
  const verbs: string[] = [];
  let ended: TrialResult | undefined;
  let runs = 0;
  let training: Promise<TrialResult> | undefined;
  const train = async (signal: AbortSignal): Promise<TrialResult> => {
    runs += 1;
    if (broken !== undefined) throw broken;
    begun?.();
    const isInterrupted = await waits(trainingMs, signal);
    ended = isInterrupted ? { state: 'interrupted', metrics: {} } : result;
    return ended;
  };
  return {
    trial,
    verbs,
    runs: () => runs,
    get result() {
      return ended;
    },
    readConfigs: async () => {
      verbs.push('ReadConfigs');
      return { file: 'config.yaml', text: 'learning_rate: 0.1\n' };
    },
    writeConfigs: async (values) => {
      verbs.push('WriteConfigs');
      const differences = differencesBetween(values, trial.proposal.hyperparameters);
      return differences.length > 0 ? { kind: 'rejected', differences } : { kind: 'written', file: 'config.yaml' };
    },
    execute: async (signal) => {
      verbs.push('ExecutePythonFile');
      const alreadyRun = training !== undefined;
      training ??= train(signal);
      const { state, metrics, value, failure, curve } = await training;
      verbs.push('ended');
      const told = { ...(value !== undefined && { value }), ...(failure && { failure }), ...(curve && { curve }) };
      return { alreadyRun, state, exitCode: 0, metrics, outputTail: 'done', ...told };
    },
    loadTrainingLogs: async () => {
      verbs.push('LoadTrainingLogs');
      const rows =
        ended === undefined
          ? []
          : [
              { epoch: 1, loss: 1 },
              { epoch: 5, loss: 0.3 },
            ];
      return { rows, note: '' };
    },
  };
}

function differencesBetween(values: Readonly<Record<string, unknown>>, proposed: Hyperparameters): string[] {
  const names = new Set([...Object.keys(values), ...Object.keys(proposed)]);
  return [...names]
    .filter((name) => values[name] !== proposed[name])
    .map((name) => `${name} must be ${proposed[name]}`);
}

/** Resolves after `ms`, or at once with true when the signal aborts. */
async function waits(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || ms === 0) return signal.aborted;
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      setTimeout(() => resolve(true), 20); // a training takes a moment to end
    });
  });
}
