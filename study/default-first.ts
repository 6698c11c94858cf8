import type { Proposer } from './roles.ts';

/**
 * A proposer that begins with the task’s defaults (origin `default`) and then asks `proposer`. The default proves that
 * the script works before anything is spent, and is the baseline of every later claim. Tried once per code version.
 */
export function defaultFirst(proposer: Proposer): Proposer {
  return {
    async propose(history, pending, count, signal) {
      const defaults = history.space.defaults();
      const isTried = history.current.some(({ proposal }) => history.space.isSame(proposal.hyperparameters, defaults));
      if (isTried) return proposer.propose(history, pending, count, signal);
      return [{ origin: 'default', hyperparameters: defaults, rationale: 'The task’s own defaults: the baseline.' }];
    },
  };
}
