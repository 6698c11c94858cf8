import type { CallLimits, ModelAccess, ModelUsage, TranscriptEntry } from '../../agents/model-access.ts';
import { resolveModel } from '../../agents/models/resolve-model.ts';
import type { TaskBackground } from '../../agents/task-blocks.ts';
import type { EventBody, StudyEvent } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import { parseSearchSpace, type SearchSpaceSpec } from '../../study/search-space.ts';
import type { Proposal } from '../../study/trial.ts';
import { attemptEnded, attemptStarted, studyStarted, trialCompleted } from '../study/maker.ts';

/** Patience for tests: the same rules in milliseconds. */
export const QUICK: CallLimits = {
  timeoutSeconds: 5,
  maxRetries: 2,
  retrySeconds: 3,
  firstDelayMs: 5,
  maxDelayMs: 2_000,
};

export const SPEC: SearchSpaceSpec = {
  hyperparameters: {
    learning_rate: { type: 'float', range: [1e-4, 1], scale: 'log', default: 0.1 },
    hidden: { type: 'int', range: [8, 128], default: 32 },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam'], default: 'sgd' },
    momentum: { type: 'float', range: [0, 0.99], default: 0.9, when: { optimizer: 'sgd' } },
  },
  constraints: ['hidden < 128 or learning_rate < 0.5'],
};

export const DEFAULTS = { learning_rate: 0.1, hidden: 32, optimizer: 'sgd', momentum: 0.9 } as const;

export function aTask(spec: SearchSpaceSpec = SPEC): TaskBackground {
  return {
    name: 'digits',
    title: 'Digits',
    description: 'A small network on images of digits.',
    objective: { metric: 'loss', direction: 'minimize', at: 'last', constraints: [] },
    space: parseSearchSpace(spec),
    fixed: [],
    dataIsStandIn: false,
  };
}

export interface TestAccess extends ModelAccess {
  readonly used: ModelUsage[];
  readonly transcribed: TranscriptEntry[];
}

/** Access to a model that keeps what it was told. */
export async function anAccess(
  model: { baseUrl: string } | 'offline',
  changes: Partial<ModelAccess> = {},
): Promise<TestAccess> {
  const used: ModelUsage[] = [];
  const transcribed: TranscriptEntry[] = [];
  const limits = changes.limits ?? QUICK;
  const request = {
    timeoutSeconds: limits.timeoutSeconds,
    seed: 1,
    sources: [{ name: 'the environment', values: {} }],
  };
  return {
    model: await resolveModel(
      model === 'offline' ? { ...request, model } : { ...request, model: 'openai:fake', baseUrl: model.baseUrl },
    ),
    limits,
    reserve: () => undefined,
    recordUsage: (usage) => {
      used.push(usage);
    },
    transcript: (entry) => {
      transcribed.push(entry);
    },
    costOf: () => null,
    ...changes,
    used,
    transcribed,
  };
}

/** A history of these events, one second apart. */
export function aHistory(...bodies: readonly EventBody[]): History {
  const history = new History();
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  bodies.forEach((body, index) => {
    history.apply({ v: 1, seq: index + 1, at: new Date(start + index * 1000).toISOString(), ...body } as StudyEvent);
  });
  return history;
}

/** The start of a study on {@link SPEC} with a budget of ten trials. */
export function started(spec: SearchSpaceSpec = SPEC): EventBody {
  return studyStarted({ space: spec, budget: { trials: 10 } });
}

/** A finished trial with these values; an undefined value is a failed one. */
export function aTrial(number: number, hyperparameters: Proposal['hyperparameters'], value?: number): EventBody[] {
  const origin = number === 1 ? 'default' : 'creator';
  const failure = { cause: 'out-of-memory', message: 'killed at 512 MiB', tail: 'MemoryError' } as const;
  return [
    { event: 'trial-proposed', trial: number, proposal: { origin, hyperparameters } },
    attemptStarted(number),
    attemptEnded(number),
    value === undefined
      ? { event: 'trial-finished', trial: number, state: 'failed', metrics: {}, brokenConstraints: [], failure }
      : trialCompleted(number, value),
  ];
}
