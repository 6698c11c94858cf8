import { z } from 'zod';
import type { SearchSpace } from '../study/search-space.ts';
import { cutToLine } from '../study/text-cuts.ts';
import type { Proposal } from '../study/trial.ts';
import { spaceToJsonSchema, type ToldSpace } from './space-json-schema.ts';
import { wholeNumber } from './whole-number.ts';

/** A proposal as a model hands it over, before anyone trusts it. */
export interface ProposedTrial extends Pick<Proposal, 'basedOn' | 'reasons' | 'rationale' | 'expects' | 'intent'> {
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** Characters of a wrong value that a violation quotes. */
const VALUE_CHARACTERS = 80;

const EITHER = 'must be a trial’s number (1, 2, …) or "default"';

/** Everything but the values, whose check is the space’s own. */
const shape = {
  basedOn: z
    .union([wholeNumber(1), z.literal('default')], { error: EITHER })
    .describe('The trial this starts from, or "default".'),
  hyperparameters: z.looseObject({}, { error: 'must be an object: one value per active hyperparameter' }),
  reasons: z
    .record(z.string(), z.string({ error: 'must be a sentence' }), {
      error: 'must be an object: hyperparameter name to reason',
    })
    .meta({ propertyNames: undefined }) // that names are strings, every model knows
    .describe('One sentence for exactly the hyperparameters that differ from basedOn and are active.'),
  expects: z
    .object(
      {
        outcome: z
          .enum(['better', 'similar', 'worse'], { error: 'must be "better", "similar" or "worse"' })
          .describe('Than the incumbent.'),
        value: z.number({ error: 'must be a number or left out' }).nullish().describe('The value you foresee.'),
      },
      { error: 'must be an object: outcome, and the value you foresee' },
    )
    .describe('Will be checked.'),
  intent: z.enum(['explore', 'exploit'], { error: 'must be "explore" or "exploit"' }),
  rationale: z.string({ error: 'must be one line of text' }).describe('Why this trial, now.'),
};

/** A proposal may name one in place of its base and of what it leaves unchanged. */
const candidate = wholeNumber(1).describe(
  'Instead of basedOn; hyperparameters and reasons then hold only your changes in it.',
);

/** What a proposal holds: its values with a base, reasons and expectations, or the values and nothing else. */
export type ProposalForm = 'reasoned' | 'values';

interface AskedProposal {
  readonly told: ToldSpace;
  readonly form: ProposalForm;
  /** Whether an optimiser offers candidates. How many may still be changed is no matter of the form: it is the same in every turn. */
  readonly hasCandidates: boolean;
}

/** What the model sees of a proposal; any object passes, so that all that is wrong with it can be said at once. */
export function proposalInput(space: SearchSpace, { told, form, hasCandidates }: AskedProposal) {
  const known = spaceToJsonSchema(space, told);
  const { basedOn, hyperparameters, reasons, ...words } = shape;
  const values = hyperparameters.meta({ ...known, ...(hasCandidates && { required: undefined }) });
  const reasoned = hasCandidates
    ? {
        candidate: candidate.optional(),
        basedOn: basedOn.optional(),
        hyperparameters: values.optional(),
        reasons: reasons.optional(),
      }
    : { basedOn, hyperparameters: values, reasons };
  const parts = form === 'values' ? { hyperparameters: values } : { ...reasoned, ...words };
  const seen = z.toJSONSchema(z.object(parts), { io: 'input' });
  return z.looseObject({}).meta({ ...seen, $schema: undefined, additionalProperties: false });
}

/** As much of a proposal as has its shape. */
export type ReadProposal = Partial<ProposedTrial>;

/** The parts of a proposal that have their shape, and one clause for each that has not. */
export function readProposal(
  given: Readonly<Record<string, unknown>>,
  { names }: Pick<SearchSpace, 'names'>,
  form: ProposalForm,
): { readonly proposed: ReadProposal; readonly problems: readonly string[] } {
  const problems = names
    .filter((name) => name in given)
    .map((name) => `${name} = ${JSON.stringify(given[name])} stands outside of "hyperparameters": it belongs inside`);
  const read = <Name extends keyof typeof shape>(name: Name): z.infer<(typeof shape)[Name]> | undefined => {
    if (form === 'values' && name !== 'hyperparameters') return undefined;
    const { data, error } = shape[name].safeParse(given[name]);
    for (const { path, message } of error?.issues ?? [])
      problems.push(describeIssue([name, ...path.map(String)], given, message));
    return data as z.infer<(typeof shape)[Name]> | undefined; // of the same schema: a generic call widens it
  };
  const [basedOn, hyperparameters, reasons] = [read('basedOn'), read('hyperparameters'), read('reasons')];
  const [expects, intent, rationale] = [read('expects'), read('intent'), read('rationale')];
  const foreseen = expects && { outcome: expects.outcome, ...(expects.value != null && { value: expects.value }) };
  return { proposed: { basedOn, hyperparameters, reasons, expects: foreseen, intent, rationale }, problems };
}

/** `expects.outcome = "great" must be …`, or what is missing. */
function describeIssue(path: readonly string[], given: Readonly<Record<string, unknown>>, accepted: string): string {
  const value = path.reduce<unknown>((from, key) => (isRecord(from) ? from[key] : undefined), given);
  const name = path.join('.');
  return value === undefined
    ? `${name} is missing: it ${accepted}`
    : `${name} = ${cutToLine(JSON.stringify(value), VALUE_CHARACTERS)} ${accepted}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
