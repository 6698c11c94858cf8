import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { didYouMean } from '../study/nearest.ts';
import { ToolInputError } from './tool-input-error.ts';

/** Characters of each text that are kept. */
const TEXT_CHARACTERS = 3_000;

const prose = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(TEXT_CHARACTERS, { error: `must have at most ${TEXT_CHARACTERS} characters` });

export const concludeStudyInput = z.object({
  best: prose.describe('The best configuration found, by trial number and value, and why it is the best.'),
  influence: z
    .record(z.string(), prose)
    .describe('For each hyperparameter: what it did, as far as the trials show; say so where they show nothing.'),
  future: prose.describe('What to try next with more budget.'),
});

export type Conclusion = z.infer<typeof concludeStudyInput>;

export interface ConcludeStudyDeps {
  /** The hyperparameters that may be spoken of. */
  readonly names: readonly string[];
  readonly conclude: (conclusion: Conclusion) => void;
}

/** Takes the final analysis, if it speaks only of hyperparameters that exist. */
function concludeStudy(conclusion: Conclusion, { names, conclude }: ConcludeStudyDeps): { kind: 'accepted' } {
  const unknown = Object.keys(conclusion.influence).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ToolInputError(
      `influence.${unknown} is not a hyperparameter of this task (${didYouMean(unknown, names)}).`,
    );
  conclude(conclusion);
  return { kind: 'accepted' };
}

export function createConcludeStudyTool(deps: ConcludeStudyDeps) {
  return tool(async (input) => JSON.stringify(concludeStudy(input, deps)), {
    name: 'ConcludeStudy',
    description: 'Hand over the final analysis of the study.',
    schema: concludeStudyInput,
  });
}
