import type { Proposer } from './roles.ts';
import type { Trial } from './trial.ts';

/**
 * A proposer that asks `first` for the study’s first `count` points and `then` for all others (Zhang et al.: a language
 * model’s points to warm-start Bayesian optimisation). The default and the user’s own trials are neither’s; the log alone
 * says how many were made, so that a resumed study goes on where it was.
 */
export function handOver(first: Proposer, then: Proposer, count: number): Proposer {
  return {
    async propose(history, pending, wanted, signal) {
      const left = count - history.trials.filter(isFirsts).length;
      return left > 0
        ? first.propose(history, pending, Math.min(wanted, left), signal)
        : then.propose(history, pending, wanted, signal);
    },
  };
}

/** The Creator’s, or a sampler’s in its place. */
function isFirsts({ proposal: { origin, fallback } }: Trial): boolean {
  return origin === 'creator' || origin === 'offline' || fallback === true;
}
