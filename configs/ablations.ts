import { z } from 'zod';

/**
 * How the Creator is asked, for comparing prompts: the variants of Zhang et al., "Using Large Language Models for
 * Hyperparameter Optimization", and OPRO’s prompt (Yang et al., "Large Language Models as Optimizers"). A study that is not an ablation leaves them alone.
 */
export const ablationSettings = {
  prompt: z
    .enum(['compressed', 'chat', 'opro'])
    .default('compressed')
    .describe(
      'One bounded message with the log; the study’s whole dialogue, which grows with every trial; or OPRO’s: the best 20 configurations with their scores alone.',
    ),
  context_tokens: z
    .int()
    .min(1000)
    .default(128_000)
    .describe('The model’s context: a chat prompt that comes near it is warned of.'),
  reasoning: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Whether the Creator is asked to think step by step in text before it answers.'),
  expert: z.enum(['on', 'off']).default('on').describe('Whether the Creator is told that it is an expert.'),
  space: z
    .enum(['bounded', 'free'])
    .default('bounded')
    .describe(
      'Whether the Creator is told ranges and scales, or types alone; outside of its range a value is rejected.',
    ),
  task_info: z
    .enum(['none', 'dataset', 'full', 'wrong'])
    .default('full')
    .describe('What the Creator is told of the task: nothing, its data, everything, or its data and a wrong model.'),
  hint_deterministic: z
    .boolean()
    .default(false)
    .describe('Whether the Creator is told that the process is deterministic and the loss nonnegative.'),
  noise: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('The proposer is told each value times U(1 − noise, 1 + noise); the study itself keeps the true ones.'),
};

const schema = z.object(ablationSettings);

export type Ablations = z.output<typeof schema>;

/** These settings alone, out of all. */
export function ablationsOf(settings: Ablations): Ablations {
  return schema.parse(settings);
}
