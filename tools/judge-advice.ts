import type { AdvisedCandidate } from '../samplers/advisor.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Advice } from '../study/trial.ts';
import { differences } from './proposal-differences.ts';
import type { TurnAdvice } from './turn-advice.ts';

/** With a greater share of its values changed, a candidate was not adapted but set aside. */
const ADAPTED = 0.5;

/**
 * How `values` stand to the candidates that the model was told of. Those of any candidate are adopted, whatever the model
 * says; adapted is the candidate that it `named`, with at most half of its values changed; anything else overrules the
 * optimiser, however near to a candidate it came. undefined while there are none, or no model.
 */
export function judgeAdvice(
  values: Hyperparameters,
  named: AdvisedCandidate | undefined,
  { told, forecast }: Pick<TurnAdvice, 'told' | 'forecast'>,
  space: SearchSpace,
): Advice | undefined {
  const changed = ({ hyperparameters }: AdvisedCandidate) =>
    differences(space, values, hyperparameters).needReason.length / Object.keys(values).length;
  const [first] = told;
  const foretold = forecast(values);
  if (first === undefined || foretold === undefined) return undefined;
  const same = told.find((candidate) => changed(candidate) === 0);
  const adapted = named !== undefined && changed(named) <= ADAPTED ? named : undefined;
  const { number, hyperparameters, predicted } = same ?? adapted ?? first;
  return {
    taken: same ? 'adopted' : adapted ? 'adapted' : 'overruled',
    candidate: { number, hyperparameters, predicted },
    predicted: foretold.predicted,
  };
}
