import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { configurationProblems } from '../study/configuration-problems.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Proposal, Trial } from '../study/trial.ts';
import { differences } from './proposal-differences.ts';
import { spaceToJsonSchema } from './space-json-schema.ts';
import { wholeNumber } from './whole-number.ts';

/** A proposal as a model hands it over, before anyone trusts it. */
export interface ProposedTrial extends Pick<Proposal, 'basedOn' | 'reasons' | 'rationale' | 'expects' | 'intent'> {
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

export type ProposalVerdict =
  | { readonly kind: 'accepted'; readonly hyperparameters: Hyperparameters }
  | { readonly kind: 'rejected'; readonly violations: readonly string[] };

export interface ProposeTrialDeps {
  readonly space: SearchSpace;
  /** All trials so far, in their order: what `basedOn` may name. */
  readonly trials: readonly Trial[];
  /** Those that may not be tried again, whatever their state. */
  readonly tried: readonly Trial[];
  /** Configurations promised but not yet trials of the log. */
  readonly alsoTaken: readonly Hyperparameters[];
  /** Hears every verdict before the model does. */
  readonly decided: (proposed: ProposedTrial, verdict: ProposalVerdict) => Promise<void>;
}

/** What the model fills in. The hyperparameters’ JSON schema tells it the space; the checks are our own, in code. */
function proposeTrialInput(space: SearchSpace) {
  const either = 'must be a trial’s number (1, 2, …) or "default"';
  return z.object({
    basedOn: z
      .union([wholeNumber(1), z.literal('default')], { error: either })
      .describe('The number of the trial this starts from, or "default".'),
    hyperparameters: z
      .looseObject({}, { error: 'must be an object: one value per active hyperparameter' })
      .meta({ ...spaceToJsonSchema(space) }),
    reasons: z
      .record(z.string(), z.string(), { error: 'must be an object: hyperparameter name to reason' })
      .describe('Why, in one sentence, for exactly the hyperparameters whose values differ from basedOn.'),
    expects: z
      .object({
        outcome: z.enum(['better', 'similar', 'worse']).describe('Than the incumbent.'),
        value: z.number().nullish().describe('The value you foresee.'),
      })
      .describe('Checked against the result.'),
    intent: z.enum(['explore', 'exploit']),
    rationale: z.string().describe('One line: why this trial, now.'),
  });
}

/** What keeps a proposal from becoming a trial: the configuration first, and once that can be tried, its reasons. */
function violationsOf(
  proposed: ProposedTrial,
  { space, trials, tried, alsoTaken }: Omit<ProposeTrialDeps, 'decided'>,
): string[] {
  const problems = configurationProblems(proposed.hyperparameters, { space, current: tried }, alsoTaken);
  if (problems.length > 0) return problems;
  return reasonProblems(proposed, proposed.hyperparameters as Hyperparameters, space, trials); // checked in the line above
}

function reasonProblems(
  { basedOn = 'default', reasons = {} }: ProposedTrial,
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
async function proposeTrial(proposed: ProposedTrial, deps: ProposeTrialDeps): Promise<ProposalVerdict> {
  const violations = violationsOf(proposed, deps);
  const verdict: ProposalVerdict =
    violations.length > 0
      ? { kind: 'rejected', violations }
      : { kind: 'accepted', hyperparameters: inDeclaredOrder(deps.space, proposed.hyperparameters as Hyperparameters) };
  await deps.decided(proposed, verdict);
  return verdict;
}

export function createProposeTrialTool(deps: ProposeTrialDeps) {
  return tool(
    async ({ expects: { outcome, value }, ...input }) => {
      const expects = { outcome, ...(typeof value === 'number' && { value }) };
      return JSON.stringify(await proposeTrial({ ...input, expects }, deps));
    },
    {
      name: 'ProposeTrial',
      description: 'Propose the next trial. Answers "accepted", or the exact violations to mend.',
      schema: proposeTrialInput(deps.space),
    },
  );
}

function inDeclaredOrder(space: SearchSpace, values: Hyperparameters): Hyperparameters {
  return space.onlyActive(values);
}
