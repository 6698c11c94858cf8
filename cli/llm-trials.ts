import type { Settings } from '../configs/schema.ts';

/** The Creator’s points before the sampler takes over, a third of the trials unless the user says otherwise; null outside of `llm-then-gp`. */
export function llmTrialsOf({
  strategy,
  trials,
  llm_trials,
}: Pick<Settings, 'strategy' | 'trials' | 'llm_trials'>): number | null {
  return strategy === 'llm-then-gp' ? (llm_trials ?? Math.max(1, Math.round(trials / 3))) : null;
}
