import type { Proposer } from './roles.ts';
import { failedForOtherReasons } from './stop-rules.ts';

/**
 * A proposer that begins with the task’s defaults (origin `default`) and then asks `proposer`. The default proves that
 * the script works before anything is spent, and is the baseline of every later claim. Tried once per
 * code version; again when it failed for a reason that no hyperparameter explains and the study was resumed.
 */
export function defaultFirst(proposer: Proposer): Proposer {
  return {
    async propose(history, pending, count, signal) {
      const defaults = history.space.defaults();
      const tries = history.current.filter(({ proposal }) => history.space.isSame(proposal.hyperparameters, defaults));
      const isTried = tries.some((trial) => !failedForOtherReasons(trial));
      if (isTried) return proposer.propose(history, pending, count, signal);
      return [{ origin: 'default', hyperparameters: defaults, rationale: 'The task’s own defaults: the baseline.' }];
    },
  };
}
