import { z } from 'zod';
import { SAMPLER_NAMES } from '../samplers/registry.ts';
import { TOOL_FORMS } from '../study/model-quirk.ts';
import { CREATOR_STRATEGIES, OPTUNA_STRATEGIES } from '../study/strategy.ts';
import { parseDuration } from '../study/units.ts';
import { ablationSettings } from './ablations.ts';
import { modelList, quirkSettings, roleModelSettings } from './models.ts';
import { priceSchema } from './prices.ts';

const duration = z.union([z.number(), z.string()]).transform((written, context) => {
  const seconds = parseDuration(written);
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 5m, 2h (or a number of seconds)' });
  return z.NEVER;
});

export const STRATEGIES = [...CREATOR_STRATEGIES, ...SAMPLER_NAMES, ...OPTUNA_STRATEGIES];
export const EXECUTORS = ['agent', 'direct'] as const;

/**
 * Every setting of agenthpo with its default: the source of configs/default.yaml, of the check of agenthpo.yaml and of
 * the types. Order of precedence: flags > environment > agenthpo.yaml > the task’s budget > these defaults.
 */
export const settingsSchema = z.strictObject({
  strategy: z
    .enum(STRATEGIES)
    .default('creator')
    .describe('Who proposes: the Creator (alone, or with an optimiser), or a sampler.'),
  overrule_share: z
    .number()
    .refine((share) => share >= 0 && share <= 1, 'must be a share from 0 to 1, such as 0.3')
    .default(0.3)
    .describe('In hybrid: the share of trials that may differ from the optimiser’s candidates; adapted ones count.'),
  llm_trials: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('In llm-then-gp: how many points the Creator proposes first; null: a third of the trials.'),
  executor: z
    .enum(EXECUTORS)
    .default('agent')
    .describe('Who runs a trial: the Executor agent, or the same tools without a model in between.'),
  model: z
    .string()
    .default('auto')
    .describe(
      '<provider>:<name> (openai, ollama, anthropic …: docs/models.md), offline, or auto: openai:<openai_model> when OPENAI_API_KEY is set, else offline.',
    ),
  models: z
    .strictObject(roleModelSettings)
    .prefault({})
    .describe('A model of its own for a role; null: model (for report, the final analysis: the creator’s).'),
  tool_form: z
    .enum(TOOL_FORMS)
    .default('auto')
    .describe(
      'How a model is offered tools: native, text (Thought / Action / Observation), or auto: native until it refuses.',
    ),
  quirks: quirkSettings
    .default({})
    .describe(
      'What a model’s server refuses, by model, where it should not be tried first: {"ollama:gemma3:4b": [no-tools]}.',
    ),
  openai_model: z.string().default('gpt-5-mini').describe('The model that auto means when an OpenAI key is present.'),
  base_url: z
    .string()
    .nullable()
    .default(null)
    .describe('An OpenAI-compatible server, such as http://localhost:11434/v1.'),
  temperature: z
    .strictObject({ creator: z.number().nullable().default(null), executor: z.number().nullable().default(null) })
    .prefault({})
    .describe('null leaves it to the model (some refuse the parameter).'),
  fallback_models: modelList
    .default([])
    .describe('Models that take over, in this order, when a server is overloaded, out of credit or not to be reached.'),
  request_timeout: duration.prefault('2m').describe('The longest that one model request may take.'),
  retry_time: duration
    .prefault('5m')
    .describe(
      'How long a failing model request is tried again before a fallback model takes over, or the study pauses.',
    ),
  trials: z.int().min(1).default(10).describe('Trials of a study, failed ones included.'),
  max_time: duration.nullable().default(null).describe('Active time of a study; null for no limit.'),
  max_tokens: z.int().min(1).nullable().default(null).describe('Tokens of a study; null for no limit.'),
  max_cost: z
    .union([z.number().positive(), z.literal('auto')])
    .nullable()
    .default('auto')
    .describe('US dollars of a study; auto: 1 for models with a known price; null for no limit.'),
  max_requests: z.int().min(1).nullable().default(null).describe('Requests to models of a study; null for no limit.'),
  prices: z
    .record(z.string(), priceSchema)
    .default({})
    .describe('US dollars for a million tokens, by model: {"openai:x": {input: 1, cached_input: 0.1, output: 4}}.'),
  timeout: duration.nullable().default(null).describe('Time of one training; null: 5 × the first trial, at least 10m.'),
  output_limit: z.int().min(1000).default(10_000_000).describe('Bytes of a training’s output that are kept.'),
  python: z.string().nullable().default(null).describe('The interpreter or virtual environment of the training.'),
  cache: z.string().nullable().default(null).describe('Where Python environments are kept; null: ~/.cache/agenthpo.'),
  sandbox: z
    .boolean()
    .default(false)
    .describe('Whether trainings run inside bubblewrap: the task read-only, no network unless the task asks.'),
  out: z.string().default('./logs').describe('Where studies are kept.'),
  ...ablationSettings,
});

export type Settings = z.output<typeof settingsSchema>;
