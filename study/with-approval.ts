import type { EventOf } from './events.ts';
import type { History } from './history.ts';
import type { Proposer } from './roles.ts';
import { differingNames, type Hyperparameters, type Proposal } from './trial.ts';

/** What a person says to a proposal. */
export type Decision =
  | { readonly kind: 'accept' }
  /** Other values, valid in the space and not tried yet. */
  | { readonly kind: 'edit'; readonly hyperparameters: Hyperparameters }
  /** Why not, in their own words; may be empty. */
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'stop' };

/** Puts a proposal before a person. Rejects when `signal` aborts. */
export type Approver = (proposal: Proposal, history: History, signal: AbortSignal) => Promise<Decision>;

/** The user asked the study to pause instead of running what was proposed. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
}

/**
 * A proposer whose proposals a person approves, one by one. What they reject is on record before `proposer` is asked
 * again, so that it learns why; there is no limit but the person’s patience and the study’s budget. Throws {@link StopRequested}.
 */
export function withApproval(
  proposer: Proposer,
  decide: Approver,
  record: (event: EventOf<'proposal-rejected'>) => void,
): Proposer {
  return {
    async propose(history, pending, _, signal) {
      for (;;) {
        const [proposal] = await proposer.propose(history, pending, 1, signal);
        if (proposal === undefined) return [];
        const decision = await decide(proposal, history, signal);
        switch (decision.kind) {
          case 'accept':
            return [proposal];
          case 'edit':
            return [edited(proposal, decision.hyperparameters)];
          case 'reject':
            record(rejection(proposal, decision.reason, history));
            break;
          case 'stop':
            throw new StopRequested('Stopped by the user, who was asked about the next trial.');
        }
      }
    },
  };
}

/** The user’s configuration, from the same starting point; of the proposer’s words only what still holds. */
function edited(
  { hyperparameters: proposed, basedOn, reasons = {}, rationale }: Proposal,
  values: Hyperparameters,
): Proposal {
  const changed = differingNames(values, proposed);
  const kept = Object.entries(reasons).filter(([name]) => !changed.includes(name));
  const before = rationale === undefined ? '' : ` Proposed before that: ${rationale}`;
  return {
    origin: 'user',
    hyperparameters: values,
    rationale: `Edited by the user: ${changed.join(', ')}.${before}`,
    reasons: Object.fromEntries(kept),
    ...(basedOn !== undefined && { basedOn }),
  };
}

function rejection(
  { origin, hyperparameters }: Proposal,
  reason: string,
  { trials }: History,
): EventOf<'proposal-rejected'> {
  return {
    event: 'proposal-rejected',
    trial: trials.length + 1,
    origin,
    hyperparameters: { ...hyperparameters },
    violations: reason === '' ? [] : [reason],
    by: 'user',
  };
}
