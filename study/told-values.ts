import type { StudyEvent } from './events.ts';
import { History } from './history.ts';
import { createRandom } from './random.ts';
import type { Analyst, Proposer, StudyListener, TrialExecutor } from './roles.ts';
import type { TrialResult } from './trial.ts';

/** How much noise a proposer’s view of the values gets: times U(1 − share, 1 + share), drawn from (seed, trial). */
export interface Noise {
  readonly share: number;
  readonly seed: number;
}

/** The executor, with the value that the proposer will be told beside each true one. */
export function withToldValues(executor: TrialExecutor, noise: Noise): TrialExecutor {
  return {
    execute: async (trial, signal) => addToldValue(await executor.execute(trial, signal), trial.number, noise),
    recover: async (trial, signal) => {
      const result = await executor.recover(trial, signal);
      return result === 'lost' ? result : addToldValue(result, trial.number, noise);
    },
  };
}

function addToldValue(result: TrialResult, trial: number, { share, seed }: Noise): TrialResult {
  if (result.value === undefined) return result;
  const factor = 1 + share * (2 * createRandom(seed, 'noise', trial).uniform() - 1);
  return { ...result, toldValue: result.value * factor };
}

/** A study’s history as its proposer is told it: noisy values, and nothing else that would give the true ones away. */
export class ToldHistory implements StudyListener {
  readonly history = new History();

  constructor(before: readonly StudyEvent[]) {
    for (const event of before) this.on(event);
  }

  on(event: StudyEvent): void {
    this.history.apply(asTold(event));
  }
}

function asTold(event: StudyEvent): StudyEvent {
  if (event.event !== 'trial-finished' || event.toldValue === undefined || event.value === undefined) return event;
  const { toldValue, summary: _words, ...rest } = event;
  const factor = event.value === 0 ? 1 : toldValue / event.value; // any share of 0 is 0: it is told as it is
  const { curve } = event;
  return {
    ...rest,
    value: toldValue,
    metrics: {},
    ...(curve && {
      curve: {
        ...curve,
        first: curve.first * factor,
        last: curve.last * factor,
        best: curve.best * factor,
        sample: curve.sample.map(([step, value]): [number, number] => [step, value * factor]),
        jitter: curve.jitter && curve.jitter * factor,
        training: undefined,
        largeGap: undefined,
      },
    }),
  };
}

export function proposerSeeing(told: History, proposer: Proposer): Proposer {
  return { propose: (_history, pending, count, signal) => proposer.propose(told, pending, count, signal) };
}

export function analystSeeing(told: History, analyst: Analyst): Analyst {
  return { conclude: (_history, signal) => analyst.conclude(told, signal) };
}
