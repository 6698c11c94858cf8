import { tool } from '@langchain/core/tools';
import { configurationProblems } from '../study/configuration-problems.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Advice, Trial } from '../study/trial.ts';
import { judgeAdvice } from './judge-advice.ts';
import { differences } from './proposal-differences.ts';
import {
  type ProposalForm,
  type ProposedTrial,
  proposalInput,
  type ReadProposal,
  readProposal,
} from './proposal-shape.ts';
import { type Base, baseOf, readStart } from './proposal-start.ts';
import type { ToldSpace } from './space-json-schema.ts';
import { toldProblems } from './told-problems.ts';
import type { TurnAdvice } from './turn-advice.ts';

export type ProposalVerdict =
  | { readonly kind: 'accepted'; readonly hyperparameters: Hyperparameters; readonly advice?: Advice }
  | { readonly kind: 'rejected'; readonly violations: readonly string[] };

export interface ProposeTrialDeps {
  readonly space: SearchSpace;
  /** Whether the tool’s schema tells ranges. */
  readonly told: ToldSpace;
  /** Whether a proposal says why; its values are checked all the same. */
  readonly form: ProposalForm;
  /** All trials so far, in their order: what `basedOn` may name. */
  readonly trials: readonly Trial[];
  /** Those that may not be tried again, whatever their state. */
  readonly tried: readonly Trial[];
  /** Configurations promised but not yet trials of the log. */
  readonly alsoTaken: readonly Hyperparameters[];
  /** The optimiser’s candidates, which a proposal may name; left out: there is no optimiser. */
  readonly advice?: TurnAdvice;
  /** Hears every verdict before the model does. */
  readonly decided: (proposed: ProposedTrial, verdict: ProposalVerdict) => Promise<void>;
}

/** Everything that keeps a proposal from becoming a trial, its values and its reasons alike: one answer mends all. */
function violationsOf(
  { basedOn, hyperparameters, reasons }: ReadProposal,
  candidate: Base | undefined,
  { space, trials, tried, alsoTaken }: ProposeTrialDeps,
): string[] {
  if (hyperparameters === undefined) return [];
  const problems = configurationProblems(hyperparameters, { space, current: tried }, alsoTaken);
  const isTaken = problems.length > 0 && space.violations(hyperparameters).length === 0;
  // A configuration that is taken will change, and its reasons with it.
  if (isTaken || reasons === undefined) return problems;
  const base = candidate ?? (basedOn === undefined ? undefined : baseOf(basedOn, space, trials));
  if (base === undefined) return problems;
  if (typeof base === 'string') return [...problems, base];
  const values = space.onlyActive(hyperparameters as Hyperparameters); // values may still be wrong; they are only compared
  return [...problems, ...reasonProblems(reasons, values, base, space)];
}

function reasonProblems(
  reasons: Readonly<Record<string, string>>,
  values: Hyperparameters,
  { words, hyperparameters: base, candidate }: Base,
  space: SearchSpace,
): string[] {
  const { needReason, mayHaveReason } = differences(space, values, base);
  const missing = needReason.filter((name) => (reasons[name] ?? '').trim() === '');
  const stray = candidate !== undefined ? [] : Object.keys(reasons).filter((name) => !mayHaveReason.includes(name));
  return [
    ...missing.map((name) => {
      const before = name in base ? JSON.stringify(base[name]) : 'inactive';
      return `reasons.${name} is missing: ${words} has ${before}, this proposal ${JSON.stringify(values[name])}`;
    }),
    ...stray.map((name) => {
      const why = space.names.includes(name) ? `its value does not differ from ${words}` : 'it is no hyperparameter';
      return `reasons.${name} must be left out: ${why}`;
    }),
  ];
}

/** Checks a proposal and makes the verdict known. */
async function proposeTrial(
  given: Readonly<Record<string, unknown>>,
  deps: ProposeTrialDeps,
): Promise<ProposalVerdict> {
  const { space, form, advice } = deps;
  const start = readStart(given, advice, space);
  const { proposed, problems } = readProposal(start.given, space, form);
  const { hyperparameters = {} } = proposed;
  // Without a candidate that is there, nothing is known of what the proposal leaves out.
  const hasValues = start.candidate !== undefined || given['hyperparameters'] !== undefined;
  const violations =
    start.problems.length > 0 && !hasValues
      ? [...start.problems]
      : [...start.problems, ...problems, ...violationsOf(proposed, start.candidate, deps)];
  const values = space.onlyActive(hyperparameters as Hyperparameters); // used where there is no violation
  const taken =
    advice && violations.length === 0 ? judgeAdvice(values, start.candidate?.candidate, advice, space) : undefined;
  if (advice !== undefined && taken !== undefined && taken.taken !== 'adopted' && advice.mayDiffer < 1)
    violations.push(
      `these are not the values of a candidate, and ${advice.limit}: call again with candidate 1 to ${advice.told.length} alone`,
    );
  const verdict: ProposalVerdict =
    violations.length > 0
      ? { kind: 'rejected', violations: toldProblems(violations) }
      : { kind: 'accepted', hyperparameters: values, ...(taken && { advice: taken }) };
  const words = start.candidate && {
    basedOn: undefined,
    reasons: reasonsFor(values, proposed, start.candidate, space),
  };
  await deps.decided({ ...proposed, ...words, hyperparameters }, verdict);
  return verdict;
}

/** The reasons for what a proposal changes in a candidate; a candidate that is taken as it is needs none. */
function reasonsFor(
  values: Hyperparameters,
  { reasons = {} }: ReadProposal,
  { hyperparameters }: Base,
  space: SearchSpace,
): Record<string, string> {
  const { mayHaveReason } = differences(space, values, hyperparameters);
  return Object.fromEntries(Object.entries(reasons).filter(([name]) => mayHaveReason.includes(name)));
}

export function createProposeTrialTool(deps: ProposeTrialDeps) {
  return tool(async (given) => JSON.stringify(told(await proposeTrial(given, deps))), {
    name: 'ProposeTrial',
    description: 'Propose the next trial. Answers "accepted", or every violation to mend.',
    schema: proposalInput(deps.space, { ...deps, hasCandidates: deps.advice !== undefined }),
  });
}

/** The verdict as the model hears it: without the numbers that are kept beside the trial. */
function told(verdict: ProposalVerdict): object {
  return verdict.kind === 'rejected' ? verdict : { kind: verdict.kind, hyperparameters: verdict.hyperparameters };
}
