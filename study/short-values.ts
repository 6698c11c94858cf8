import type { Hyperparameters, HyperparameterValue } from './hyperparameter.ts';
import { cutToLine } from './text-cuts.ts';

/** Values as a table shows them: numbers with digits enough to tell two configurations apart, texts cut. */
export function shortValues(values: Hyperparameters): Hyperparameters {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortValue(value)]));
}

export function shortValue(value: HyperparameterValue): HyperparameterValue {
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
