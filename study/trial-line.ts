import type { Hyperparameters, HyperparameterValue } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';
import { cutToLine, cutToSentence } from './text-cuts.ts';
import type { CurveDigest, Trial } from './trial.ts';

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

/** The curve’s words with its best value, where that is not the trial’s own, and where the training side ended. */
function curveInLine(curve: CurveDigest | undefined, value: number | undefined): string {
  const words = describeCurve(curve);
  if (curve === undefined || words === '') return words;
  const withBest = curve.best === value ? words : words.replace(/^best at/, `best ${short(curve.best)} at`);
  return curve.lastTraining === undefined
    ? withBest
    : `${withBest}, train ${Number(curve.lastTraining.toPrecision(2))}`;
}

/** A model’s first words on the trial, else the failure’s message. What code would say stands in the line already. */
function noteOf({ summary = '', summaryBy, failure }: Trial): string {
  if (summaryBy === 'model') return cutToSentence(summary, NOTE_CHARACTERS);
  return failure === undefined ? '' : cutToLine(failure.message, MESSAGE_CHARACTERS);
}

/** A curve in a few words: `best at 18 of 30, overfitting`. */
export function describeCurve(curve: CurveDigest | undefined): string {
  if (curve === undefined || curve.points < 2) return '';
  const marks = [
    curve.diverged && 'diverged',
    curve.overfitting && 'overfitting',
    curve.stillImproving && 'still improving',
  ];
  return [`best at ${curve.bestStep} of ${curve.lastStep}`, ...marks.filter((mark) => mark !== false)].join(', ');
}

/** Values as a table shows them: numbers with digits enough to tell two configurations apart, texts cut. */
export function shortValues(values: Hyperparameters): Hyperparameters {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortValue(value)]));
}

function shortValue(value: HyperparameterValue): HyperparameterValue {
  if (typeof value === 'number') return shortHyperparameter(value);
  return typeof value === 'string' ? cutToLine(value, 40) : value;
}

/** Digits enough to tell two configurations apart. */
export function shortHyperparameter(value: number): number {
  return Number(value.toPrecision(7));
}

/** Four significant digits: what a reader of a table can use. */
export function short(value: number): number {
  return Number(value.toPrecision(4));
}
