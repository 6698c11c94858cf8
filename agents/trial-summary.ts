import { describeCurve } from '../study/curve-words.ts';
import type { Objective } from '../study/objective.ts';
import { cutToLine } from '../study/text-cuts.ts';
import type { TrialResult } from '../study/trial.ts';

/** Characters of a model’s summary that are kept. */
export const SUMMARY_CHARACTERS = 1_200;

/** A trial’s end in one or two sentences, by code: what a summary is when no model wrote one. */
export function summarizeByCode(result: TrialResult, objective: Objective): string {
  const { state, value, failure, curve } = result;
  if (failure !== undefined) return `${stateWord(state)} (${failure.cause}): ${cutToLine(failure.message, 300)}`;
  if (value === undefined) return `${stateWord(state)} without a value.`;
  const shape = describeCurve(curve);
  return `${stateWord(state)} with ${objective.metric} = ${Number(value.toPrecision(6))}${shape === '' ? '' : `; ${shape}`}.`;
}

function stateWord(state: TrialResult['state']): string {
  return state === 'timed-out' ? 'Timed out' : `${state.charAt(0).toUpperCase()}${state.slice(1)}`;
}
