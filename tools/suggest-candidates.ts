import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { MODEL_AFTER } from '../samplers/choose-by-model.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { candidateTable } from './candidate-table.ts';
import { MOST_CANDIDATES, type TurnAdvice } from './turn-advice.ts';

/** What both of the optimiser’s tools say before it has a model. */
export const NO_MODEL = {
  kind: 'no-model',
  message: `The optimiser knows too little yet: it takes ${MODEL_AFTER} trials with a value. Propose on your own.`,
} as const;

export interface SuggestCandidatesDeps {
  readonly space: SearchSpace;
  readonly advice: TurnAdvice;
}

/** All candidates of the turn, those of the prompt first and under the same numbers. */
function suggestCandidates({ space, advice }: SuggestCandidatesDeps) {
  const candidates = advice.tell(MOST_CANDIDATES);
  if (candidates.length > 0) return { kind: 'candidates' as const, ...candidateTable(candidates, space) };
  if (advice.forecast(space.defaults()) === undefined) return NO_MODEL;
  return { kind: 'none-left' as const, message: 'The optimiser finds nothing that was not tried yet.' };
}

export function createSuggestCandidatesTool(deps: SuggestCandidatesDeps) {
  return tool(async () => JSON.stringify(suggestCandidates(deps)), {
    name: 'SuggestCandidates',
    description: 'More candidates than the prompt shows.',
    schema: z.object({}),
  });
}
