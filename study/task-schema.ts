import { z } from 'zod';
import { parseDuration, parseMemory } from './units.ts';

/** What task.yaml may hold. Strict everywhere: an unknown key is an error that names the nearest known one. */
const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const text = z.string().trim().min(1);
const relativePath = text.refine((path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'), {
  message: 'must be a path inside the task folder (relative, without "..")',
});

const duration = z.union([z.number(), z.string()]).transform((written, context) => {
  const seconds = parseDuration(written);
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 5m, 2h (or a number of seconds)' });
  return z.NEVER;
});

const memory = z.union([z.number(), z.string()]).transform((written, context) => {
  const bytes = parseMemory(written);
  if (bytes !== undefined) return bytes;
  context.addIssue({ code: 'custom', message: 'must be an amount such as 500MB or 4GiB' });
  return z.NEVER;
});

const words = z
  .union([z.string(), z.array(z.string())])
  .transform((written) => (Array.isArray(written) ? written : [written]));

const hyperparameter = z.strictObject({
  type: z.enum(['float', 'int', 'categorical', 'ordinal', 'boolean']).describe('What kind of value it is.'),
  range: z.tuple([z.number(), z.number()]).optional().describe('[low, high], both inclusive (float, int).'),
  scale: z.enum(['linear', 'log']).optional().describe('How the range is searched (float, int); default linear.'),
  step: z.number().optional().describe('Only low + k·step is allowed (float, int).'),
  choices: z.array(value).optional().describe('The values without an order (categorical).'),
  values: z.array(value).optional().describe('The values in their order (ordinal).'),
  default: value.optional().describe('Default: what the config file holds.'),
  description: text.optional().describe('What it does, for the agents and the report.'),
  key: text.optional().describe('Dotted path in the config file; default: the name.'),
  when: z
    .record(z.string(), z.union([value, z.array(value).min(1)]))
    .optional()
    .describe('Active only if these parameters have these values.'),
});

const objective = z.strictObject({
  metric: text.describe('The name of the metric in the training log.'),
  direction: z.enum(['minimize', 'maximize']),
  at: z
    .enum(['last', 'best'])
    .default('last')
    .describe('Which row counts: the last that carries the metric, or the best.'),
  constraints: z.array(text).default([]).describe('Conditions on recorded metrics, such as wall_seconds <= 60.'),
  trivial: z
    .union([z.number(), text])
    .optional()
    .describe('What is reached without learning: a number, or the name of a metric that the script records.'),
});

const seed = z.union([
  text,
  z.strictObject({ argument: z.literal(true) }),
  z.strictObject({ environment: text }),
  z.strictObject({ config: text }),
]);

const train = z.strictObject({
  script: relativePath.describe('The training script.'),
  config: relativePath.optional().describe('The config file it reads.'),
  log: relativePath
    .optional()
    .describe('The training log it writes (.jsonl, .csv, else METRIC lines); default: its stdout.'),
  pattern: text.optional().describe('A regular expression with named groups, read beside METRIC name=value lines.'),
  args: words.default([]).describe('Its arguments, with {hyperparameter}, {config}, {seed}, {trial_dir}.'),
  env: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({})
    .describe('Environment variables to set, with the same slots as args.'),
  timeout: duration.optional().describe('A training’s time limit; default 5 × the first trial’s time, at least 10m.'),
  seed: seed.optional().describe('Where the seed goes: a config key, {argument: true} or {environment: NAME}.'),
});

const data = z
  .strictObject({
    prepare: relativePath.optional().describe('A Python script that makes sure the data is there; exit 0: it is.'),
    stand_in: words
      .refine((written) => written.join('').trim() !== '', { message: 'must be at least one word, such as --stand-in' })
      .optional()
      .describe('What --stand-in adds to the arguments: the script then generates data.'),
    network: z.boolean().default(false).describe('Whether prepare may use the network.'),
  })
  .refine(({ prepare, stand_in }) => prepare !== undefined || stand_in !== undefined, {
    message: 'needs prepare, stand_in or both',
  });

const budget = z.strictObject({
  trials: z.int().min(1).optional(),
  max_time: duration.optional(),
  max_tokens: z.int().min(1).optional(),
});

const profile = z.strictObject({
  description: text.optional(),
  caveat: text.optional().describe('What its numbers are not; stands in the report’s title.'),
  fix: z.record(z.string(), value).default({}).describe('Hyperparameters taken out of the search, with their value.'),
  hyperparameters: z
    .record(z.string(), hyperparameter.partial().omit({ type: true, key: true, when: true }))
    .default({})
    .describe('Another range, choices, values, step or default.'),
  config: z.record(z.string(), value).default({}).describe('Other config keys to set.'),
  timeout: duration.optional(),
  budget: budget.optional(),
});

export const taskSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dots, dashes and underscores: it names a folder'),
  title: text.optional(),
  description: text.describe('What is trained, for the agents and the report.'),
  dataset: text.optional(),
  model: text.optional(),
  goal: text.optional().describe('Given to the Creator word for word.'),
  objective,
  hyperparameters: z.record(z.string(), hyperparameter),
  constraints: z.array(text).default([]).describe('Conditions across hyperparameters, such as out <= hidden.'),
  train,
  evaluate: z
    .strictObject({ args: words, metric: text })
    .optional()
    .describe('How `agenthpo evaluate` gets the test metric from the same script.'),
  data: data.optional(),
  environment: z
    .strictObject({
      python: text.optional(),
      requirements: relativePath.optional(),
      pass: z.array(text).default([]).describe('Names of environment variables the training may see.'),
      network: z.boolean().default(false).describe('Whether a sandboxed training (--sandbox) may use the network.'),
    })
    .prefault({}),
  resources: z
    .strictObject({
      cpus: z.number().positive().optional(),
      gpus: z.number().min(0).optional(),
      memory: memory.optional(),
    })
    .default({}),
  profiles: z.record(z.string(), profile).default({}),
  profile: text.optional().describe('The profile used when none is named.'),
  budget: budget.default({}),
  keep: z.int().min(0).default(3).describe('How many trials’ outputs stay, best first.'),
});

export type TaskDocument = z.output<typeof taskSchema>;
export type ProfileDocument = TaskDocument['profiles'][string];
