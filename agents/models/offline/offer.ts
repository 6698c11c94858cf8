import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import type { OfflineAnswer } from './answer.ts';
import { candidatesBlock, predictionsAnswer, readBlock } from './blocks.ts';
import type { Conversation } from './conversation.ts';
import { type Judged, type Offered, ownIdeas } from './take-advice.ts';

/** Configurations that one call of PredictOutcome takes. */
const MOST_QUESTIONS = 5;

/** What an optimiser beside this model offers in the prompt. */
export interface Offer {
  readonly candidates: readonly Offered[];
  readonly mayDiffer: boolean;
}

/** undefined where no optimiser offers anything (yet). */
export function readOffer(conversation: Conversation, space: SearchSpace): Offer | undefined {
  if (!conversation.blocks.has('candidates')) return undefined;
  const { columns, rows, mayDiffer } = readBlock(conversation, 'candidates', candidatesBlock);
  const candidates = rows.map((row): Offered => {
    const at = (name: string) => row[columns.indexOf(name)] ?? null;
    const values = Object.fromEntries(space.names.map((name) => [name, at(name)]));
    const predicted = { value: Number(at('predicted')), low: Number(at('low')), high: Number(at('high')) };
    return {
      number: Number(at('candidate')),
      hyperparameters: space.onlyActive(values),
      predicted,
      chance: Number(at('chance')),
    };
  });
  return candidates.length === 0 ? undefined : { candidates, mayDiffer: mayDiffer > 0 };
}

/** Asks the optimiser, once, of what general knowledge would rather try; nothing where it would try nothing else or may not. */
export function questions(
  { calls }: Conversation,
  { candidates, mayDiffer }: Offer,
  space: SearchSpace,
): OfflineAnswer['calls'] {
  const hasAsked = calls.some(({ name }) => name === 'PredictOutcome');
  const configurations = mayDiffer && !hasAsked ? ownIdeas(space, candidates, MOST_QUESTIONS) : [];
  return configurations.length === 0 ? [] : [{ name: 'PredictOutcome', args: { configurations } }];
}

/** The configurations that were asked about and can be tried, with what the optimiser predicts. */
export function judgedIn({ calls, answers }: Conversation): Judged[] {
  const asked = calls.find(({ name }) => name === 'PredictOutcome')?.args['configurations'];
  const answer = predictionsAnswer.safeParse(answers.find(({ name }) => name === 'PredictOutcome')?.content);
  if (!Array.isArray(asked) || !answer.success) return [];
  const configurations = asked as Hyperparameters[]; // this model’s own, valid words
  return configurations.flatMap((hyperparameters, index) => {
    const { predicted, chance, problems } = answer.data.predictions[index] ?? {};
    if (predicted === undefined || chance === undefined || problems !== undefined) return [];
    return [{ hyperparameters, predicted, chance }];
  });
}
