import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { askOptuna } from '../../../runners/optuna/ask.ts';
import type { OptunaQuestion } from '../../../runners/optuna/protocol.ts';
import { createOptunaProposer } from '../../../samplers/optuna/proposer.ts';
import type { EventBody } from '../../../study/events.ts';
import { History } from '../../../study/history.ts';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import type { SearchSpaceSpec } from '../../../study/search-space.ts';
import { OPTUNA_SAMPLERS, type OptunaSampler } from '../../../study/strategy.ts';
import { attemptEnded, attemptStarted, studyStarted, trialCompleted } from '../../study/maker.ts';

/** AGENTHPO_TEST_OPTUNA names the Python of a virtual environment with optuna, cmaes, scipy and torch. */
const interpreter = process.env['AGENTHPO_TEST_OPTUNA'] ?? 'python3';
const NEEDS = { tpe: 'optuna', gp: 'optuna, scipy, torch', cmaes: 'optuna, cmaes' } as const;

const SPACE: SearchSpaceSpec = {
  hyperparameters: {
    rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 0.1 },
    dropout: { type: 'float', range: [0, 0.5], step: 0.1, default: 0.3 },
    units: { type: 'int', range: [16, 512], scale: 'log', step: 16, default: 32 },
    layers: { type: 'int', range: [1, 9], step: 2, default: 3 },
    optimizer: { type: 'categorical', choices: [null, 'adam', 1], default: 'adam' },
    momentum: { type: 'float', range: [0, 0.99], default: 0.9, when: { optimizer: 1 } },
    size: { type: 'ordinal', values: ['s', 'm', 'l'], default: 'm' },
    nesterov: { type: 'boolean', default: false, when: { size: ['m', 'l'] } },
  },
  constraints: ['layers * dropout <= 3'],
};

function lossOf({ rate, dropout, units }: Hyperparameters): number {
  return (Math.log10(Number(rate)) + 3) ** 2 + Number(dropout) + Math.log2(Number(units) / 128) ** 2 / 10;
}

type Proposed = Extract<EventBody, { event: 'trial-proposed' }>['proposal'];

/** A study of `trials` trials, every fifth of them failed. Answers its proposals. */
async function tune(sampler: OptunaSampler, trials: number): Promise<Proposed[]> {
  const history = new History();
  let seq = 0;
  const apply = (event: EventBody) => history.apply({ ...event, v: 1, seq: ++seq, at: new Date(seq).toISOString() });
  apply(studyStarted({ space: SPACE }));
  const python = { interpreter, environment: { PATH: process.env['PATH'] ?? '' } };
  const ask = (question: OptunaQuestion, signal: AbortSignal) => askOptuna(python, question, signal);
  const proposer = createOptunaProposer({ sampler, seed: 1, ask });
  for (let trial = 1; trial <= trials; trial++) {
    const [proposed] = await proposer.propose(history, [], 1, new AbortController().signal);
    if (proposed === undefined) throw new Error('nothing was proposed');
    expect(history.space.violations(proposed.hyperparameters)).toEqual([]);
    apply({ event: 'trial-proposed', trial, proposal: { ...proposed, code: undefined, advice: undefined } });
    apply(attemptStarted(trial));
    apply(attemptEnded(trial));
    apply(
      trial % 5 === 0
        ? { event: 'trial-finished', trial, state: 'failed', metrics: {}, brokenConstraints: [] }
        : trialCompleted(trial, lossOf(proposed.hyperparameters)),
    );
  }
  return history.trials.map(({ proposal }) => ({ ...proposal, code: undefined, advice: undefined }));
}

describe.each(OPTUNA_SAMPLERS)('%s', (sampler) => {
  const modules = NEEDS[sampler];
  const isThere = spawnSync(interpreter, ['-I', '-c', `import ${modules}`]).status === 0;

  test.skipIf(!isThere)(
    `the real one proposes in a space of every kind, twice the same (skipped where ${interpreter} has no ${modules})`,
    { timeout: 300_000 },
    async () => {
      const proposals = await tune(sampler, 15);
      expect(proposals.filter(({ origin }) => origin === `optuna:${sampler}`).length).toBeGreaterThan(12);
      expect(proposals.at(-1)?.rationale).toContain('from 14 finished trials, 12 with a value');
      expect(await tune(sampler, 15)).toEqual(proposals);
    },
  );
});
