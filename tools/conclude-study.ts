import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { didYouMean } from '../study/nearest.ts';
import { ToolInputError } from './tool-input-error.ts';

/** Characters of each text that are kept. */
const TEXT_CHARACTERS = 3_000;

/** Its limits are ours to check: in the JSON schema they would be repeated for every hyperparameter. */
const prose = z
  .string()
  .trim()
  .refine((text) => text !== '', { error: 'must not be empty' })
  .refine((text) => text.length <= TEXT_CHARACTERS, { error: `must have at most ${TEXT_CHARACTERS} characters` });

const concludeStudyInput = z.object({
  best: prose.describe('The best configuration found, by trial number and value, and why it is the best.'),
  influence: z
    .record(z.string(), prose)
    .describe('For each hyperparameter: what it did, as far as the trials show; say so where they show nothing.'),
  future: prose.describe('What to try next with more budget, and what not to try again.'),
});

export type Conclusion = z.infer<typeof concludeStudyInput>;

/** The schema that the model sees names every hyperparameter; the check of the names, with its hint, is our own. */
function inputFor(names: readonly string[]) {
  const { influence } = concludeStudyInput.shape;
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return concludeStudyInput.extend({
    influence: influence.meta({ properties, required: [...names], additionalProperties: false }),
  });
}

export interface ConcludeStudyDeps {
  /** The hyperparameters that are to be spoken of. */
  readonly names: readonly string[];
  readonly conclude: (conclusion: Conclusion) => void;
}

/**
 * Takes the final analysis, if it speaks only of hyperparameters that exist. One that leaves some out is sent back once;
 * after that a part is better than nothing.
 */
export function createConcludeStudyTool({ names, conclude }: ConcludeStudyDeps) {
  let hasAsked = false;
  const take = (conclusion: Conclusion) => {
    const { influence } = conclusion;
    const unknown = Object.keys(influence).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new ToolInputError(
        `influence.${unknown} is not a hyperparameter of this task (${didYouMean(unknown, names)}).`,
      );
    const missing = names.filter((name) => !(name in influence));
    if (missing.length > 0 && !hasAsked) {
      hasAsked = true;
      throw new ToolInputError(
        `influence lacks ${missing.join(', ')}: say what each did, or that the trials show nothing.`,
      );
    }
    conclude(conclusion);
    return { kind: 'accepted' };
  };
  return tool(async (input) => JSON.stringify(take(input)), {
    name: 'ConcludeStudy',
    description: 'Hand over the final analysis of the study.',
    schema: inputFor(names),
  });
}
