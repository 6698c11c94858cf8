import { configurationProblems } from './configuration-problems.ts';
import type { EventOf } from './events.ts';
import type { Proposer } from './roles.ts';
import { openSuggestions } from './user-inputs.ts';

/**
 * A proposer that hands over what the user suggested (origin `user`), one suggestion after the other, and asks
 * `proposer` when none is left. The log alone says which are left, so none is lost and none is tried twice.
 */
export function suggestedFirst(proposer: Proposer, record: (event: EventOf<'proposal-rejected'>) => void): Proposer {
  return {
    async propose(history, pending, count, signal) {
      const taken = pending.map((trial) => trial.proposal.hyperparameters);
      for (const { id, hyperparameters, basedOn } of openSuggestions(history)) {
        const violations = configurationProblems(hyperparameters, history, taken);
        if (violations.length === 0)
          return [{ origin: 'user', hyperparameters, basedOn, rationale: 'Suggested by the user.', input: id }];
        const trial = history.trials.length + 1;
        record({
          event: 'proposal-rejected',
          trial,
          origin: 'user',
          hyperparameters: { ...hyperparameters },
          violations,
          input: id,
        });
      }
      return proposer.propose(history, pending, count, signal);
    },
  };
}
