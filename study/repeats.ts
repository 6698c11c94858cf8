import type { History } from './history.ts';
import { pooledDeviation, type Training } from './pooled-deviation.ts';

/** A configuration trained with a seed that the study’s own trials did not have. */
export interface Repeat extends Training {
  readonly seed: number;
}

/** What was trained again with the present code and judged by the study’s own metric, other seeds than its own: by `confirm`, or by `evaluate`. */
export function repeatsOf(history: History): Repeat[] {
  const { confirmations, codeHash } = history;
  const confirmed = confirmations.flatMap(({ hyperparameters, seed, value, codeHash: code }) =>
    code === codeHash && value !== null ? [{ hyperparameters, seed, value }] : [],
  );
  const repeats: Repeat[] = [];
  for (const repeat of [...confirmed, ...evaluated(history)])
    if (!repeats.some((known) => isSameTraining(known, repeat, history))) repeats.push(repeat);
  return repeats;
}

/**
 * The standard deviation between trainings of one configuration under several seeds, pooled over the configurations that
 * were repeated; in the metric’s unit. Undefined where none was trained under two fresh seeds.
 */
export function deviationOfRepeats(history: History): number | undefined {
  return pooledDeviation(history.space, repeatsOf(history))?.deviation;
}

function evaluated(history: History): Repeat[] {
  const { evaluations, codeHash, start, space } = history;
  return evaluations.flatMap(({ by, seed, trial: number, codeHash: code, bestValue, defaultValue }) => {
    if (by !== 'objective' || code !== codeHash || seed === start.seed) return [];
    const best = history.trial(number)?.proposal.hyperparameters;
    return [
      ...(best === undefined || bestValue === null ? [] : [{ hyperparameters: best, seed, value: bestValue }]),
      ...(defaultValue === null ? [] : [{ hyperparameters: space.defaults(), seed, value: defaultValue }]),
    ];
  });
}

function isSameTraining(a: Repeat, b: Repeat, { space }: History): boolean {
  return a.seed === b.seed && space.isSame(a.hyperparameters, b.hyperparameters);
}
