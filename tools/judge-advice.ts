import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Advice } from '../study/trial.ts';
import { differences } from './proposal-differences.ts';
import type { TurnAdvice } from './turn-advice.ts';

/** With a greater share of its values changed, a candidate was not adapted but set aside. */
const ADAPTED = 0.5;

/**
 * How `values` stand to the candidates that the model was told of, by the values alone: whatever it says of them.
 * undefined while there are none, or no model.
 */
export function judgeAdvice(
  values: Hyperparameters,
  { told, forecast }: Pick<TurnAdvice, 'told' | 'forecast'>,
  space: SearchSpace,
): Advice | undefined {
  const changes = told.map((candidate) => ({
    candidate,
    share: differences(space, values, candidate.hyperparameters).needReason.length / Object.keys(values).length,
  }));
  const [first] = changes;
  const foretold = forecast(values);
  if (first === undefined || foretold === undefined) return undefined;
  const nearest = changes.reduce((a, b) => (b.share < a.share ? b : a));
  const taken = nearest.share === 0 ? 'adopted' : nearest.share <= ADAPTED ? 'adapted' : 'overruled';
  const { number, hyperparameters, predicted } = (taken === 'overruled' ? first : nearest).candidate;
  return { taken, candidate: { number, hyperparameters, predicted }, predicted: foretold.predicted };
}
