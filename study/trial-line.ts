import { curveInLine } from './curve-words.ts';
import type { HyperparameterValue } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';
import { short, shortValue } from './short-values.ts';
import { cutToLine, firstSentence } from './text-cuts.ts';
import type { Trial } from './trial.ts';

const NOTE_CHARACTERS = 200;
const MESSAGE_CHARACTERS = 100;

/** A finished trial as one line of a table; see {@link lineColumns}. null marks an inactive hyperparameter, or no value. */
export type TrialLine = readonly (HyperparameterValue | string)[];

export function lineColumns({ names }: SearchSpace): string[] {
  return ['trial', 'value', ...names, 'outcome', 'note'];
}

/**
 * What a finished trial was and came to. It depends on the trial alone, so that a table of lines only ever grows at its
 * end: providers cache a prompt’s unchanging beginning.
 */
export function trialLine(trial: Trial, { names }: SearchSpace): TrialLine {
  const { number, value, proposal } = trial;
  const values = names.map((name) => shortValue(proposal.hyperparameters[name] ?? null));
  return [number, value === undefined ? null : short(value), ...values, outcomeOf(trial), noteOf(trial)];
}

function outcomeOf({ state, value, failure, curve, brokenConstraints }: Trial): string {
  const broken = brokenConstraints.map((constraint) => `breaks ${cutToLine(constraint, 40)}`);
  const end = state === 'complete' ? curveInLine(curve, value) : [state, failure?.cause].filter(Boolean).join(': ');
  return [end, ...broken].filter((part) => part !== '').join(', ');
}

/** A model’s first sentence on the trial, else the failure’s message. What code would say stands in the line already. */
function noteOf({ summary = '', summaryBy, failure }: Trial): string {
  if (summaryBy === 'model') return firstSentence(summary, NOTE_CHARACTERS);
  return failure === undefined ? '' : cutToLine(failure.message, MESSAGE_CHARACTERS);
}
