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
  /** Whether later proposals may bring more of them. */
  readonly grows: boolean;
  /** Why no more may, as a clause for the model. */
  readonly limit: string;
  /** Whether this proposal must be a candidate as it is: no more may differ, and there are candidates. */
  readonly mustAdopt: boolean;
}

export function createTurnAdvice(
  advisor: Advisor,
  { mayDiffer, grows, limit }: Pick<TurnAdvice, 'mayDiffer' | 'grows' | 'limit'>,
): TurnAdvice {
  let told: readonly AdvisedCandidate[] = [];
  const tell = (count: number) => {
    const wanted = Math.min(count, MOST_CANDIDATES);
    if (told.length < wanted) told = advisor.candidates(wanted);
    return told;
  };
  return {
    mayDiffer,
    grows,
    limit,
    forecast: advisor.forecast,
    get told() {
      return told;
    },
    get mustAdopt() {
      return mayDiffer < 1 && tell(1).length > 0;
    },
    tell,
  };
}
