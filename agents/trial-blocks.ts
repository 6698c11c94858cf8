import type { History } from '../study/history.ts';
import type { Trial, TrialResult } from '../study/trial.ts';
import { cutStart, cutToLine } from '../tools/cut-text.ts';
import { toPromptBlock } from './prompt-block.ts';

const TAIL_CHARACTERS = 600;

/** A trial as the Executor is told of it. */
export function trialBlock(trial: Trial, history: History): string {
  return toPromptBlock('trial', {
    trial: trial.number,
    objective: history.objective,
    hyperparameters: trial.proposal.hyperparameters,
    rationale: trial.proposal.rationale && cutToLine(trial.proposal.rationale, 400),
    incumbent: incumbentOf(history),
  });
}

/** A finished trial as its summariser is told of it. */
export function resultBlock(trial: Trial, result: TrialResult, history: History): string {
  const { state, value, metrics, failure, curve } = result;
  return toPromptBlock('result', {
    trial: trial.number,
    objective: history.objective,
    hyperparameters: trial.proposal.hyperparameters,
    incumbent: incumbentOf(history),
    state,
    value,
    metrics,
    failure: failure && { ...failure, tail: cutStart(failure.tail, TAIL_CHARACTERS) },
    curve,
  });
}

function incumbentOf({ incumbent }: History) {
  if (incumbent === undefined) return undefined;
  return { trial: incumbent.number, value: incumbent.value, hyperparameters: incumbent.proposal.hyperparameters };
}
