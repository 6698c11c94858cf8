import type { Settings } from '../configs/schema.ts';
import type { Task } from '../study/task.ts';
import { assertStyleFits } from './ablations.ts';
import type { Context } from './context.ts';
import { estimateLine, estimateStudy, type RoleEstimate } from './estimate.ts';
import { assertModelsAnswer, assertModelsUsable, chooseModel, keySources, pricedModels } from './model-choice.ts';
import { describePrices, moneyLimit, priceModels } from './money.ts';
import type { RoleModels } from './role-models.ts';

export interface ModelPlanRequest {
  readonly context: Context;
  readonly settings: Settings;
  readonly task: Task;
  readonly beginWithDefault: boolean;
  /** What mends a prompt that the model cannot follow, beside another model; left out: to leave the setting out. */
  readonly orElse?: string;
}

/** The models of a study to come, and what is known of them before it begins. */
export interface ModelPlan {
  /** As study.yaml names it; null when none takes part. */
  readonly model: string | null;
  /** Of each role; null when none takes part. */
  readonly models: RoleModels | null;
  /** US dollars; undefined: no limit. */
  readonly maxUsd: number | undefined;
  /** By role and in total; empty when no model takes part. */
  readonly estimate: () => Promise<readonly RoleEstimate[]>;
  /** Throws where a model cannot be used; starts nothing, asks nobody. */
  readonly assertUsable: () => Promise<void>;
  /** Throws where the first request to a model is certain to fail. */
  readonly assertAnswers: () => Promise<void>;
  /** What is said of them: with the estimate in a line, unless it is asked for in full. */
  readonly words: (isEstimate: boolean) => Promise<readonly string[]>;
}

/** Which models take part and what they may cost. Throws for settings that do not fit together, such as a limit that cannot be kept. */
export function planModels({ context, settings, task, beginWithDefault, orElse }: ModelPlanRequest): ModelPlan {
  const sources = keySources(context);
  const { model, models, notice } = chooseModel(settings, sources);
  if (models !== null) assertStyleFits(settings, models, orElse);
  const priced = priceModels(pricedModels(models, settings, sources), settings);
  const maxUsd = moneyLimit(settings.max_cost, priced);
  const isPriced = priced.some(({ price }) => price.kind === 'priced');
  const estimate = async () =>
    models === null ? [] : await estimateStudy({ task, settings, beginWithDefault, models, priced });
  return {
    model,
    models,
    maxUsd,
    estimate,
    assertUsable: async () => {
      if (models !== null) await assertModelsUsable(models, settings, context);
    },
    assertAnswers: async () => {
      if (models !== null) await assertModelsAnswer(models, settings, sources);
    },
    words: async (isEstimate) => [
      notice,
      ...[describePrices(priced, maxUsd)].filter((line) => line !== undefined),
      ...(isPriced && !isEstimate ? [estimateLine(await estimate())] : []),
    ],
  };
}
