import type { AdvisedCandidate, Advisor } from '../samplers/advisor.ts';

/** Candidates that are known in a turn at most. */
export const MOST_CANDIDATES = 8;

/** The optimiser beside one turn of the Creator: what it was asked for, the model has been told. */
export interface TurnAdvice extends Pick<Advisor, 'forecast'> {
  /** The candidates that the model has been told of so far; the longer list once it asked for more. */
  readonly told: readonly AdvisedCandidate[];
  /** At least `count` candidates (at most {@link MOST_CANDIDATES}), fewer only when there are no more. */
  tell(count: number): readonly AdvisedCandidate[];
  /** Proposals that may still differ from the candidates, this one included. */
  readonly mayDiffer: number;
  /** Why no more may, as a clause for the model. */
  readonly limit: string;
}

export function createTurnAdvice(
  advisor: Advisor,
  { mayDiffer, limit }: Pick<TurnAdvice, 'mayDiffer' | 'limit'>,
): TurnAdvice {
  let told: readonly AdvisedCandidate[] = [];
  return {
    mayDiffer,
    limit,
    forecast: advisor.forecast,
    get told() {
      return told;
    },
    tell: (count) => {
      const wanted = Math.min(count, MOST_CANDIDATES);
      if (told.length < wanted) told = advisor.candidates(wanted);
      return told;
    },
  };
}
