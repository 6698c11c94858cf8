import type { History } from '../study/history.ts';
import { cutToLine } from '../study/text-cuts.ts';
import type { CurveDigest, Trial, TrialResult } from '../study/trial.ts';
import { short } from '../study/trial-line.ts';
import { cutStart } from '../tools/cut-text.ts';
import { shortNumber } from '../tools/short-json.ts';
import { toPromptBlock } from './prompt-block.ts';

const TAIL_CHARACTERS = 600;
const RATIONALE_CHARACTERS = 400;

/** A trial as the Executor is told of it; the proposal’s values with every digit, because WriteConfigs takes no others. */
export function trialBlock(trial: Trial, history: History): string {
  return toPromptBlock('trial', {
    trial: trial.number,
    objective: objectiveOf(history),
    hyperparameters: trial.proposal.hyperparameters,
    rationale: trial.proposal.rationale && cutToLine(trial.proposal.rationale, RATIONALE_CHARACTERS),
    incumbent: incumbentOf(history),
  });
}

/** A finished trial as its summariser is told of it. */
export function resultBlock(trial: Trial, result: TrialResult, history: History): string {
  const { state, value, metrics, failure, curve } = result;
  return toPromptBlock('result', {
    trial: trial.number,
    objective: objectiveOf(history),
    hyperparameters: shortNumbers(trial.proposal.hyperparameters),
    incumbent: incumbentOf(history),
    state,
    value: shortNumber(value),
    metrics: shortNumbers(metrics),
    failure: failure && {
      cause: failure.cause,
      message: failure.message,
      tail: cutStart(failure.tail, TAIL_CHARACTERS),
    },
    curve: curve && shortCurve(curve),
  });
}

function objectiveOf({ objective: { metric, direction } }: History) {
  return { metric, direction };
}

function incumbentOf({ incumbent }: History) {
  if (incumbent === undefined) return undefined;
  const { number, value, proposal } = incumbent;
  return { trial: number, value: shortNumber(value), hyperparameters: shortNumbers(proposal.hyperparameters) };
}

/** Rounded, and without the marks that do not apply. */
function shortCurve({ sample, ...curve }: CurveDigest): Record<string, unknown> {
  const told = Object.entries(curve).filter(([, each]) => each !== false && each !== undefined);
  return { ...shortNumbers(Object.fromEntries(told)), sample: sample.map(([step, value]) => [step, short(value)]) };
}

function shortNumbers(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortNumber(value)]));
}
