/** The strategies in which the Creator proposes. Every other strategy is a sampler, by its name: one of Optuna’s or our own. */
export const CREATOR_STRATEGIES = ['creator', 'hybrid', 'llm-then-gp'] as const;

/** Whether the Creator proposes in a study of this strategy; false: a classical sampler does. */
export function isCreatorStrategy(strategy: string): strategy is (typeof CREATOR_STRATEGIES)[number] {
  return CREATOR_STRATEGIES.some((each) => each === strategy);
}

/** The samplers of Optuna that can propose. */
export const OPTUNA_SAMPLERS = ['tpe', 'gp', 'cmaes'] as const;
export type OptunaSampler = (typeof OPTUNA_SAMPLERS)[number];
export type OptunaStrategy = `optuna:${OptunaSampler}`;

export const OPTUNA_STRATEGIES: readonly OptunaStrategy[] = OPTUNA_SAMPLERS.map(
  (name): OptunaStrategy => `optuna:${name}`,
);

export function isOptunaStrategy(strategy: string): strategy is OptunaStrategy {
  return OPTUNA_STRATEGIES.some((each) => each === strategy);
}

/** Which of Optuna’s samplers a strategy names. */
export function optunaSamplerOf(strategy: OptunaStrategy): OptunaSampler {
  const sampler = OPTUNA_SAMPLERS.find((name) => strategy === `optuna:${name}`);
  if (sampler === undefined) throw new Error(`${strategy} names no sampler of Optuna`);
  return sampler;
}
