import { z } from 'zod';
import { parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from '../../../study/search-space.ts';
import type { Conversation } from './conversation.ts';

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const values = z.record(z.string(), value);
const objective = z.object({ metric: z.string(), direction: z.enum(['minimize', 'maximize']) });
const incumbent = z.object({ trial: z.int(), value: z.number(), hyperparameters: values });

const taskBlock = z.object({
  objective,
  hyperparameters: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  constraints: z.array(z.string()).optional(),
});

/** See study/regions.ts: values tried, trials with a value, without, best, median. */
const region = z.tuple([z.string(), z.int(), z.int(), z.number().nullable(), z.number().nullable()]);

/** See study/variation.ts. */
const variation = z.object({ deviation: z.number(), from: z.string() });

export const turnBlock = z.object({
  trial: z.int(),
  counts: z.looseObject({ trials: z.int() }),
  variation: variation.optional(),
});

/** See agents/earlier-study.ts. */
export const earlierBlock = z.object({ columns: z.array(z.string()), lines: z.array(z.array(value)) });

/** See tools/candidate-table.ts. */
export const candidatesBlock = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(value)),
  mayDiffer: z.int(),
});

/** See tools/predict-outcome.ts. */
export const predictionsAnswer = z.object({
  predictions: z.array(
    z.object({
      predicted: z.object({ value: z.number(), low: z.number(), high: z.number() }).optional(),
      chance: z.number().optional(),
      problems: z.array(z.string()).optional(),
    }),
  ),
});

export const trialBlock = z.object({
  objective,
  hyperparameters: values,
  incumbent: incumbent.omit({ hyperparameters: true }).optional(),
});

export const studyBlock = z.object({
  counts: z.looseObject({ trials: z.int() }),
  incumbent: incumbent.nullable(),
  default: z.object({ trial: z.int(), value: z.number() }).nullable(),
  columns: z.array(z.string()),
  lines: z.array(z.array(value)),
  alone: z.record(z.string(), z.string()).default({}),
  regions: z.record(z.string(), z.array(region)).default({}),
});

export const rowsAnswer = z.object({
  rows: z.array(
    z.object({
      trial: z.int(),
      state: z.enum(['proposed', 'running', 'complete', 'pruned', 'failed', 'timed-out', 'interrupted']),
      value: z.number().nullable(),
      code: z.enum(['current', 'earlier']),
      brokenConstraints: z.array(z.string()).optional(),
      hyperparameters: values,
    }),
  ),
});

/** See tools/told-result.ts. */
export const outcome = z.object({
  state: z.string(),
  value: z.number().optional(),
  failure: z.object({ cause: z.string(), message: z.string() }).optional(),
  curve: z
    .object({
      first: z.number().optional(),
      sample: z.array(z.tuple([z.number(), z.number()])).default([]),
      bestStep: z.number(),
      last: z.number().optional(),
      lastStep: z.number(),
      notes: z.array(z.string()),
    })
    .optional(),
});

/** A block of the prompt, checked. Throws when the prompt does not tell what every model needs to know. */
export function readBlock<Schema extends z.ZodType>(
  { blocks }: Conversation,
  name: string,
  schema: Schema,
): z.infer<Schema> {
  const block = blocks.get(name);
  if (block === undefined) throw new Error(`the prompt holds no block "${name}"`);
  return schema.parse(block);
}

export interface KnownTask {
  readonly space: SearchSpace;
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
}

/** The task as the prompt tells it. */
export function readTask(conversation: Conversation): KnownTask {
  const { hyperparameters, constraints, objective } = readBlock(conversation, 'task', taskBlock);
  const byName = Object.fromEntries(hyperparameters.map(({ name, ...spec }) => [name, spec]));
  const spec = { hyperparameters: byName, ...(constraints && { constraints }) } as unknown as SearchSpaceSpec; // parseSearchSpace checks it
  return { space: parseSearchSpace(spec), ...objective };
}
