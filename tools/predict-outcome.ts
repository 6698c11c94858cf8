import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import type { Forecast } from '../samplers/advisor.ts';
import { configurationProblems } from '../study/configuration-problems.ts';
import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { shortChance, shortPrediction } from './candidate-table.ts';
import { NO_MODEL } from './suggest-candidates.ts';
import type { TurnAdvice } from './turn-advice.ts';

const MOST_CONFIGURATIONS = 5;

const predictOutcomeInput = z.object({
  configurations: z
    // Without this, what is sent would forbid every property.
    .array(z.looseObject({}).meta({ properties: undefined, additionalProperties: undefined }))
    .min(1)
    .max(MOST_CONFIGURATIONS)
    .describe('Each with all active hyperparameters.'),
});

export interface PredictOutcomeDeps {
  readonly history: Pick<History, 'space' | 'current'>;
  readonly advice: Pick<TurnAdvice, 'forecast'>;
}

/** What the optimiser expects of each configuration, in their order; a configuration that cannot be tried says why. */
function predictOutcome(
  { configurations }: z.infer<typeof predictOutcomeInput>,
  { history, advice }: PredictOutcomeDeps,
) {
  if (advice.forecast(history.space.defaults()) === undefined) return NO_MODEL;
  return { kind: 'predictions' as const, predictions: configurations.map((each) => predictOne(each, history, advice)) };
}

function predictOne(
  given: Readonly<Record<string, unknown>>,
  history: PredictOutcomeDeps['history'],
  { forecast }: PredictOutcomeDeps['advice'],
) {
  const problems = configurationProblems(given, history);
  const isValid = history.space.violations(given).length === 0;
  const foretold = isValid ? forecast(history.space.onlyActive(given as Hyperparameters)) : undefined; // no violation
  return { ...(foretold && readable(foretold)), ...(problems.length > 0 && { problems }) };
}

function readable({ predicted, chance, nearest }: Forecast) {
  return {
    predicted: shortPrediction(predicted),
    chance: shortChance(chance),
    ...(nearest && { nearest: { ...nearest, distance: shortChance(nearest.distance) } }),
  };
}

export function createPredictOutcomeTool(deps: PredictOutcomeDeps) {
  return tool(async (input) => JSON.stringify(predictOutcome(input, deps)), {
    name: 'PredictOutcome',
    description: 'What the optimiser predicts of your own configurations, and the nearest trial (distance 0 to 1).',
    schema: predictOutcomeInput,
  });
}
