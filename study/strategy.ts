/** The strategies in which the Creator proposes. Every other strategy is a sampler, by its name. */
export const CREATOR_STRATEGIES = ['creator'] as const;

/** Whether the Creator proposes in a study of this strategy; false: a classical sampler does. */
export function isCreatorStrategy(strategy: string): strategy is (typeof CREATOR_STRATEGIES)[number] {
  return CREATOR_STRATEGIES.some((each) => each === strategy);
}
