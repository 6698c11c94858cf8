import { tool } from '@langchain/core/tools';
import { configurationProblems } from '../study/configuration-problems.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Trial } from '../study/trial.ts';
import { differences } from './proposal-differences.ts';
import { type ProposedTrial, proposalInput, type ReadProposal, readProposal } from './proposal-shape.ts';
import type { ToldSpace } from './space-json-schema.ts';

export type ProposalVerdict =
  | { readonly kind: 'accepted'; readonly hyperparameters: Hyperparameters }
  | { readonly kind: 'rejected'; readonly violations: readonly string[] };

export interface ProposeTrialDeps {
  readonly space: SearchSpace;
  /** Whether the tool’s schema tells ranges. */
  readonly told: ToldSpace;
  /** All trials so far, in their order: what `basedOn` may name. */
  readonly trials: readonly Trial[];
  /** Those that may not be tried again, whatever their state. */
  readonly tried: readonly Trial[];
  /** Configurations promised but not yet trials of the log. */
  readonly alsoTaken: readonly Hyperparameters[];
  /** Hears every verdict before the model does. */
  readonly decided: (proposed: ProposedTrial, verdict: ProposalVerdict) => Promise<void>;
}

/** Everything that keeps a proposal from becoming a trial, its values and its reasons alike: one answer mends all. */
function violationsOf(
  { basedOn, hyperparameters, reasons }: ReadProposal,
  { space, trials, tried, alsoTaken }: ProposeTrialDeps,
): string[] {
  if (hyperparameters === undefined) return [];
  const problems = configurationProblems(hyperparameters, { space, current: tried }, alsoTaken);
  const isTaken = problems.length > 0 && space.violations(hyperparameters).length === 0;
  // A configuration that is taken will change, and its reasons with it.
  if (isTaken || basedOn === undefined || reasons === undefined) return problems;
  const values = space.onlyActive(hyperparameters as Hyperparameters); // values may still be wrong; they are only compared
  return [...problems, ...reasonProblems({ basedOn, reasons }, values, space, trials)];
}

function reasonProblems(
  { basedOn, reasons }: Required<Pick<ProposedTrial, 'basedOn' | 'reasons'>>,
  values: Hyperparameters,
  space: SearchSpace,
  trials: readonly Trial[],
): string[] {
  const base = basedOn === 'default' ? space.defaults() : trials[basedOn - 1]?.proposal.hyperparameters;
  if (base === undefined) return [`basedOn = ${basedOn} is not a trial; there are ${trials.length}, or use "default"`];
  const from = basedOn === 'default' ? 'the default' : `trial ${basedOn}`;
  const { needReason, mayHaveReason } = differences(space, values, base);
  const missing = needReason.filter((name) => (reasons[name] ?? '').trim() === '');
  const stray = Object.keys(reasons).filter((name) => !mayHaveReason.includes(name));
  return [
    ...missing.map((name) => {
      const before = name in base ? JSON.stringify(base[name]) : 'inactive';
      return `reasons.${name} is missing: ${from} has ${before}, this proposal ${JSON.stringify(values[name])}`;
    }),
    ...stray.map((name) => {
      const why = space.names.includes(name) ? `its value does not differ from ${from}` : 'it is no hyperparameter';
      return `reasons.${name} must be left out: ${why}`;
    }),
  ];
}

/** Checks a proposal and makes the verdict known. */
async function proposeTrial(
  given: Readonly<Record<string, unknown>>,
  deps: ProposeTrialDeps,
): Promise<ProposalVerdict> {
  const { proposed, problems } = readProposal(given, deps.space);
  const { hyperparameters = {} } = proposed;
  const violations = [...problems, ...violationsOf(proposed, deps)];
  const verdict: ProposalVerdict =
    violations.length > 0
      ? { kind: 'rejected', violations }
      : { kind: 'accepted', hyperparameters: deps.space.onlyActive(hyperparameters as Hyperparameters) }; // no violation
  await deps.decided({ ...proposed, hyperparameters }, verdict);
  return verdict;
}

export function createProposeTrialTool(deps: ProposeTrialDeps) {
  return tool(async (given) => JSON.stringify(await proposeTrial(given, deps)), {
    name: 'ProposeTrial',
    description: 'Propose the next trial. Answers "accepted", or every violation to mend.',
    schema: proposalInput(deps.space, deps.told),
  });
}
