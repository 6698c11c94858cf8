import type { Ablations } from './ablations.ts';

/** The Creator with one thing changed, to see what that thing is worth. */
export interface CreatorVariant {
  readonly settings: Partial<Ablations>;
  /** What differs from the usual Creator, in words. */
  readonly meaning: string;
}

/**
 * The comparisons of Zhang et al. ("Using Large Language Models for Hyperparameter Optimization", arXiv 2312.04528), and OPRO’s
 * prompt (Yang et al., "Large Language Models as Optimizers", arXiv 2309.03409). Their warm start is the strategy
 * `llm-then-gp`. docs/prompts.md says what each paper found.
 */
export const CREATOR_VARIANTS: Readonly<Record<string, CreatorVariant>> = {
  chat: { settings: { prompt: 'chat' }, meaning: 'the Creator, prompted with the whole dialogue' },
  reasoning: { settings: { reasoning: 'on' }, meaning: 'the Creator, thinking step by step before it answers' },
  'no-expert': { settings: { expert: 'off' }, meaning: 'the Creator, not told that it is an expert' },
  free: { settings: { space: 'free' }, meaning: 'the Creator, told types and no ranges' },
  'no-info': { settings: { task_info: 'none' }, meaning: 'the Creator, told nothing of the task’s data and model' },
  'dataset-info': { settings: { task_info: 'dataset' }, meaning: 'the Creator, told of the task’s data alone' },
  'wrong-info': { settings: { task_info: 'wrong' }, meaning: 'the Creator, told of a wrong model' },
  deterministic: {
    settings: { hint_deterministic: true },
    meaning: 'the Creator, told that the process is deterministic and the loss nonnegative',
  },
  noise: { settings: { noise: 0.1 }, meaning: 'the Creator, told each value times U(0.9, 1.1)' },
  opro: {
    settings: { prompt: 'opro', expert: 'off' },
    meaning: 'OPRO’s prompt: the best 20 configurations with their scores alone',
  },
};
