import { comparableTrials, type Valued } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { improvement } from '../study/objective.ts';
import { pooledDeviation, type Training } from '../study/pooled-deviation.ts';
import { repeatsOf } from '../study/repeats.ts';
import { normalQuantile } from './statistics.ts';

/** What is known about how much a value would differ if the same configuration were trained and judged again. */
export type Noise =
  | { readonly kind: 'binomial'; readonly scale: 1 | 100; readonly validationCount: number }
  | { readonly kind: 'measured'; readonly deviation: number; readonly repeats: number; readonly configurations: number }
  | { readonly kind: 'unknown' };

/** A difference of two values, against what chance does to it. */
export interface Significance {
  /** Standard error of the difference. */
  readonly standardError: number;
  /** How many of them a difference must reach, since the winner was picked among `trials`. */
  readonly threshold: number;
  readonly trials: number;
  readonly isAbove: boolean;
}

/**
 * Repeats of a configuration measure the noise; else a share of right (or wrong) answers over a known number of
 * validation rows has a binomial one (which leaves out what another seed of the training would change); else unknown.
 */
export function noiseOf(history: History, validationCount: number | undefined): Noise {
  const trials = comparableTrials(history);
  return measuredNoise(history, trials) ?? binomialNoise(history, trials, validationCount) ?? { kind: 'unknown' };
}

/** Standard error of one value; undefined when the noise is unknown. */
export function standardErrorOf(noise: Noise, value: number): number | undefined {
  if (noise.kind === 'unknown') return undefined;
  if (noise.kind === 'measured') return noise.deviation;
  const share = value / noise.scale;
  return noise.scale * Math.sqrt((share * (1 - share)) / noise.validationCount);
}

/**
 * Whether `best` beats `reference` by more than chance explains, at 5 % (two-sided, shared out among the `trials` the
 * winner was picked from). Both values on the same validation rows make the true error smaller: the judgement errs on the careful side.
 */
export function significanceOf(
  noise: Noise,
  best: number,
  reference: number,
  trials: number,
): Significance | undefined {
  const first = standardErrorOf(noise, best);
  const second = standardErrorOf(noise, reference);
  if (first === undefined || second === undefined) return undefined;
  const standardError = Math.hypot(first, second);
  const threshold = -normalQuantile(0.025 / Math.max(1, trials - 1));
  return { standardError, threshold, trials, isAbove: Math.abs(best - reference) > threshold * standardError };
}

function measuredNoise(history: History, trials: readonly Valued[]): Noise | undefined {
  const pooled = pooledDeviation(history.space, [...trials.map(trainingOf), ...enoughRepeats(history)]);
  if (pooled === undefined || pooled.deviation === 0) return undefined; // the same seed again: says nothing about another
  const { deviation, values, configurations } = pooled;
  return { kind: 'measured', deviation, repeats: values, configurations };
}

function trainingOf({ proposal, value }: Valued): Training {
  return { hyperparameters: proposal.hyperparameters, value };
}

/** What other seeds gave; a single one says too little of how they differ. */
function enoughRepeats(history: History): readonly Training[] {
  const repeats = repeatsOf(history);
  return new Set(repeats.map(({ seed }) => seed)).size < 2 ? [] : repeats;
}

function binomialNoise(history: History, trials: readonly Valued[], validationCount = 0): Noise | undefined {
  const values = trials.map(({ value }) => value);
  if (validationCount < 1 || values.length === 0) return undefined;
  if (values.some((value) => value < 0 || value > 100)) return undefined;
  const scale = values.some((value) => value > 1) ? 100 : 1;
  const isCounted = values.every((value) => isWhole((value / scale) * validationCount));
  const kind = kindOf(history.objective.metric);
  if (kind === 'no' || (kind === 'perhaps' && !isCounted)) return undefined;
  return { kind: 'binomial', scale, validationCount };
}

/**
 * Whether a metric counts right or wrong answers, by its name. An F1, an AUC, a balanced accuracy does not; an
 * `error` may be a regression’s, so that its values must be whole numbers of validation rows as well.
 */
function kindOf(metric: string): 'yes' | 'perhaps' | 'no' {
  const words = metric
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const other = ['balanced', 'macro', 'weighted', 'squared', 'absolute', 'mean', 'top5', 'top3', 'loss', 'token'];
  if (words.some((word) => other.includes(word))) return 'no';
  if (words.some((word) => ['acc', 'accuracy', 'top1', 'misclassification'].includes(word))) return 'yes';
  if (words.includes('error') && words.some((word) => word === 'rate' || word === 'classification')) return 'yes';
  return words.some((word) => word === 'error' || word === 'err') ? 'perhaps' : 'no';
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6 * Math.max(1, value);
}

/** How much the winner gained over the reference: positive is better, whatever the direction. */
export function gainOf(history: History, best: number, reference: number): { absolute: number; relative?: number } {
  const absolute = improvement(best, reference, history.objective.direction);
  return reference === 0 ? { absolute } : { absolute, relative: absolute / Math.abs(reference) };
}
