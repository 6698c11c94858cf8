import type { History } from '../../study/history.ts';
import { isBetter } from '../../study/objective.ts';
import { isFinal } from '../../study/trial.ts';
import { totalTokens } from '../../study/usage.ts';

/** One study of a benchmark: an arm with a seed. */
export interface BenchRun {
  readonly arm: string;
  readonly seed: number;
  /** The study’s folder, relative to the benchmark’s. */
  readonly study: string;
  /** The value of each finished trial in order; null for one that has none, or broke a constraint of the objective. */
  readonly values: readonly (number | null)[];
  /** The best of the values up to each trial; null before the first value. */
  readonly bestSoFar: readonly (number | null)[];
  readonly failed: number;
  readonly requests: number;
  readonly tokens: number;
  /** US dollars; null when a price is unknown. */
  readonly usd: number | null;
  /** Active time of the study. */
  readonly seconds: number;
}

/** What a study says in a comparison that looks at its first `trials` trials. */
export function benchRunOf(
  history: History,
  { arm, seed, study, trials }: Pick<BenchRun, 'arm' | 'seed' | 'study'> & { readonly trials: number },
): BenchRun {
  const counted = history.trials.slice(0, trials).filter(({ state }) => isFinal(state));
  const values = counted.map(({ state, value = null, brokenConstraints }) =>
    state === 'complete' && brokenConstraints.length === 0 ? value : null,
  );
  const usage = history.usage();
  return {
    arm,
    seed,
    study,
    values,
    bestSoFar: bestSoFarOf(values, history),
    failed: counted.filter(({ state }) => state !== 'complete').length,
    requests: usage.requests,
    tokens: totalTokens(usage),
    usd: usage.costUsd,
    seconds: history.activeSeconds,
  };
}

function bestSoFarOf(values: readonly (number | null)[], { objective }: History): (number | null)[] {
  let best: number | null = null;
  return values.map((value) => {
    if (value !== null && (best === null || isBetter(value, best, objective.direction))) best = value;
    return best;
  });
}

/** The best value after `trials` trials; a study that ended earlier keeps its last. */
export function bestAfter({ bestSoFar }: BenchRun, trials: number): number | null {
  return bestSoFar[Math.min(trials, bestSoFar.length) - 1] ?? null;
}
