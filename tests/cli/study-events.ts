import type { EventBody, EventOf, StudyEvent } from '../../study/events.ts';

const START = Date.parse('2026-11-21T09:30:00.000Z');

const STUDY_STARTED: EventOf<'study-started'> = {
  event: 'study-started',
  study: 'quiet-heron',
  task: 'digits',
  strategy: 'creator',
  executor: 'direct',
  model: 'offline',
  seed: 7,
  space: {
    hyperparameters: {
      learning_rate: { type: 'float', range: [0.0001, 1], scale: 'log', default: 0.01 },
      units: { type: 'int', range: [8, 512], default: 64 },
    },
  },
  objective: { metric: 'val_loss', direction: 'minimize', at: 'last', constraints: [] },
  profile: null,
  budget: { trials: 3 },
  codeHash: 'code',
  prompts: {},
  standIn: false,
  versions: {},
};

/** A study’s events one after the other, a second apart, numbered as the log numbers them. */
export class StudyEvents {
  #seq = 0;

  /** The time of the last event. */
  get now(): Date {
    return new Date(START + this.#seq * 1_000);
  }

  next(body: EventBody): StudyEvent {
    this.#seq += 1;
    return { v: 1, seq: this.#seq, at: this.now.toISOString(), ...body };
  }

  started(changes: Partial<EventOf<'study-started'>> = {}): StudyEvent {
    return this.next({ ...STUDY_STARTED, ...changes });
  }

  /** The defaults as trial 1, later a proposal of the Creator’s with a reason. */
  proposed(trial: number, rationale = 'Smaller steps.'): StudyEvent {
    const values = { learning_rate: 0.01 / trial, units: 63 + trial };
    const proposal: EventOf<'trial-proposed'>['proposal'] =
      trial === 1
        ? { origin: 'default', hyperparameters: values }
        : { origin: 'offline', hyperparameters: values, rationale, basedOn: 'default' };
    return this.next({ event: 'trial-proposed', trial, proposal });
  }

  running(trial: number): StudyEvent {
    const hashes = { codeHash: 'code', configHash: 'config' };
    return this.next({ event: 'attempt-started', trial, attempt: 1, ...hashes, timeLimitSeconds: 600 });
  }

  /** A training that ended well with `value`, or failed for want of memory. */
  ended(trial: number, value: number | 'failed'): StudyEvent[] {
    const isFailed = value === 'failed';
    const exit = { exitCode: isFailed ? 1 : 0, signal: null, wallSeconds: 2, peakMemoryBytes: 1 };
    const failure = { cause: 'out-of-memory', message: 'took more than 2 GiB', tail: '' } as const;
    return [
      this.next({ event: 'attempt-ended', trial, attempt: 1, outcome: 'exited', ...exit }),
      this.next({
        event: 'trial-finished',
        trial,
        state: isFailed ? 'failed' : 'complete',
        metrics: {},
        brokenConstraints: [],
        ...(isFailed ? { failure } : { value }),
      }),
    ];
  }

  modelCalled(trial: number): StudyEvent {
    const tokens = { promptTokens: 1_200, completionTokens: 34, costUsd: null };
    return this.next({ event: 'model-called', role: 'creator', trial, model: 'offline', ...tokens, seconds: 1 });
  }

  finished(): StudyEvent {
    return this.next({ event: 'study-finished', status: 'complete', reason: 'trial-budget', message: '' });
  }

  /** A whole study of three trials: the default, a better one after a rejection, and a failure. */
  whole(): StudyEvent[] {
    return [
      this.started(),
      ...[this.proposed(1), this.running(1), ...this.ended(1, 0.5)],
      this.modelCalled(2),
      this.next({
        event: 'proposal-rejected',
        trial: 2,
        origin: 'offline',
        hyperparameters: {},
        violations: ['units = 9000 is outside [8, 512] (inclusive)'],
      }),
      ...[this.proposed(2), this.running(2), ...this.ended(2, 0.4)],
      ...[this.proposed(3), this.running(3), ...this.ended(3, 'failed')],
      this.next({ event: 'budget-reached', unit: 'trials', limit: 3, used: 3 }),
      this.finished(),
    ];
  }
}
