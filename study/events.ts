import { z } from 'zod';
import { MODEL_QUIRK_NAMES, TOOL_FORMS } from './model-quirk.ts';
import { FAILURE_CAUSES, ORIGIN_FORM } from './trial.ts';

/** The version of the log format. A log with a higher one is refused with a clear error. */
export const LOG_VERSION = 1;

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const values = z.record(z.string(), value);
const trial = z.int().min(1);
const count = z.int().min(0);
const origin = z.string().regex(ORIGIN_FORM);
const limits = z.object({
  trials: count.optional(),
  maxSeconds: z.number().positive().optional(),
  maxTokens: count.optional(),
  maxUsd: z.number().positive().optional(),
  maxRequests: count.optional(),
});

const failure = z.object({
  cause: z.enum(FAILURE_CAUSES),
  message: z.string(),
  tail: z.string(),
  hint: z.string().optional(),
});

const curve = z.object({
  points: count,
  first: z.number(),
  last: z.number(),
  best: z.number(),
  bestStep: z.number(),
  lastStep: z.number(),
  diverged: z.boolean(),
  stillImproving: z.boolean(),
  overfitting: z.boolean(),
  sample: z.array(z.tuple([z.number(), z.number()])),
  notFiniteFrom: z.number().optional(),
  jitter: z.number().optional(),
  training: z.number().optional(),
  largeGap: z.boolean().optional(),
});

const codeArtefact = z.object({ path: z.string(), content: z.string(), sha256: z.string() });

const predicted = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** How a proposal stands to the optimiser’s candidates, in the `hybrid` strategy. */
const advice = z.object({
  taken: z.enum(['adopted', 'adapted', 'overruled']),
  candidate: z.object({ number: z.int().min(1), hyperparameters: values, predicted }),
  predicted,
});

const proposal = z.object({
  origin,
  hyperparameters: values,
  rationale: z.string().optional(),
  basedOn: z.union([trial, z.literal('default')]).optional(),
  reasons: z.record(z.string(), z.string()).optional(),
  expects: z.object({ outcome: z.enum(['better', 'similar', 'worse']), value: z.number().optional() }).optional(),
  advice: advice.optional(),
  intent: z.enum(['explore', 'exploit']).optional(),
  fallback: z.boolean().optional(),
  input: z.string().optional(),
  code: z.array(codeArtefact).optional(),
});

const warmStart = z.object({
  study: z.string(),
  trials: z.array(z.object({ trial, hyperparameters: values, value: z.number() })),
  /** Complete trials of that study that do not fit the space of this one. */
  leftOut: count,
});

const analysis = z.object({
  best: z.string(),
  influence: z.record(z.string(), z.string()),
  future: z.string(),
  by: z.enum(['model', 'offline']),
});

const roleModel = z.string().nullable();

/** What a study does otherwise from here on; what is left out stays as it was. study.yaml says how it began. */
const changes = z.object({
  model: z.string().optional(),
  /** Roles with a model of their own; null: `model`. */
  models: z.object({ creator: roleModel, executor: roleModel, report: roleModel }).optional(),
  /** null: the provider’s own. */
  baseUrl: z.string().nullable().optional(),
  fallbackModels: z.array(z.string()).optional(),
  toolForm: z.enum(TOOL_FORMS).optional(),
  /** Whether the user is asked before each proposed trial. */
  approve: z.boolean().optional(),
});

/** Why a study ended or paused; the words `tune --json` prints as `stopReason`. */
export const STOP_REASONS = [
  'trial-budget',
  'time-budget',
  'token-budget',
  'cost-budget',
  'request-budget',
  'space-exhausted',
  'first-trial-failed',
  'repeated-failure',
  'code-changed',
  'model-unavailable',
  'sampler-failed',
  'interrupted',
  'stopped',
] as const;

const eventSchemas = [
  z.object({
    event: z.literal('study-started'),
    study: z.string(),
    task: z.string(),
    strategy: z.string(),
    executor: z.string(),
    model: z.string().nullable(),
    seed: z.int(),
    /** The resolved space (profile and --set applied), as task.yaml writes one. */
    space: z.unknown(),
    objective: z.object({
      metric: z.string(),
      direction: z.enum(['minimize', 'maximize']),
      at: z.enum(['last', 'best']),
      constraints: z.array(z.string()),
    }),
    /** What is reached without learning, in the objective’s unit: a number, or the name of a recorded metric. */
    trivial: z.union([z.number(), z.string()]).optional(),
    profile: z.string().nullable(),
    budget: limits,
    codeHash: z.string(),
    /** Hash of each prompt file by name, so that a report can say which words produced it. */
    prompts: z.record(z.string(), z.string()),
    standIn: z.boolean(),
    versions: z.record(z.string(), z.string()),
    /** What is learned from beside this study’s own trials: those of another study of the same task. */
    warmStart: warmStart.optional(),
  }),
  z.object({
    event: z.literal('model-called'),
    role: z.enum(['creator', 'executor', 'report']),
    trial: trial.optional(),
    model: z.string(),
    /** null when the provider did not report usage. */
    promptTokens: count.nullable(),
    completionTokens: count.nullable(),
    /** Why the request brought no reply; its tokens and its price are then 0 where it is known that nothing is charged for. */
    failure: z.string().optional(),
    /**
     * A high estimate, in place of a usage that the provider did not report, or what was reserved for a request whose fate
     * nobody knows; it counts towards the token budget.
     */
    estimatedTokens: count.optional(),
    /** Their price, where one is known; it counts towards the money budget. */
    estimatedUsd: z.number().min(0).optional(),
    /** Of the prompt tokens, those that the provider had in its cache. */
    cachedTokens: count.optional(),
    /** Of the completion tokens, those that were thought and not said. */
    reasoningTokens: count.optional(),
    /** null when the price is unknown or the provider reported no usage. */
    costUsd: z.number().nullable(),
    seconds: z.number(),
  }),
  z.object({
    event: z.literal('model-learned'),
    model: z.string(),
    quirk: z.enum(MODEL_QUIRK_NAMES),
    /** What the server said, in one line; a reason in our words where the model itself showed it. */
    message: z.string(),
  }),
  z.object({
    event: z.literal('proposal-rejected'),
    trial,
    origin,
    hyperparameters: z.record(z.string(), z.unknown()),
    violations: z.array(z.string()),
    /** `user`: a person turned it down, and `violations` holds their reason. */
    by: z.literal('user').optional(),
    /** The id of the `user-input` that suggested it. */
    input: z.string().optional(),
  }),
  z.object({ event: z.literal('trial-proposed'), trial, proposal }),
  z.object({
    event: z.literal('attempt-started'),
    trial,
    attempt: z.int().min(1),
    codeHash: z.string(),
    configHash: z.string(),
    timeLimitSeconds: z.number().positive(),
  }),
  z.object({
    event: z.literal('attempt-ended'),
    trial,
    attempt: z.int().min(1),
    outcome: z.enum(['exited', 'timed-out', 'memory-limit', 'interrupted', 'lost']),
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    wallSeconds: z.number().nullable(),
    peakMemoryBytes: z.number().nullable(),
  }),
  z.object({
    event: z.literal('trial-finished'),
    trial,
    state: z.enum(['complete', 'pruned', 'failed', 'timed-out']),
    metrics: z.record(z.string(), z.number()),
    value: z.number().optional(),
    /** What the proposer is told in place of the value, in an ablation with noise. */
    toldValue: z.number().optional(),
    brokenConstraints: z.array(z.string()),
    failure: failure.optional(),
    curve: curve.optional(),
    summary: z.string().optional(),
    summaryBy: z.enum(['model', 'offline', 'code']).optional(),
    withheld: z.array(z.string()).optional(),
  }),
  z.object({ event: z.literal('user-input'), id: z.string(), kind: z.string(), payload: z.unknown() }),
  z.object({
    event: z.literal('budget-reached'),
    unit: z.enum(['trials', 'seconds', 'tokens', 'usd', 'requests']),
    limit: z.number(),
    used: z.number(),
  }),
  z.object({ event: z.literal('study-paused'), reason: z.enum(STOP_REASONS), message: z.string() }),
  z.object({ event: z.literal('study-resumed'), codeHash: z.string(), budget: limits, changes: changes.optional() }),
  z.object({
    event: z.literal('study-finished'),
    status: z.enum(['complete', 'partial', 'failed']),
    reason: z.enum(STOP_REASONS),
    message: z.string(),
    analysis: analysis.optional(),
  }),
  /** The best and the default configuration, trained once more each: after the study, or between two stretches of it. */
  z.object({
    event: z.literal('evaluation-finished'),
    /** Judged by the study’s own metric, or by the task’s test metric. */
    by: z.enum(['objective', 'test']),
    metric: z.string(),
    seed: z.int(),
    codeHash: z.string(),
    /** The trial whose configuration was the best. */
    trial,
    /** null when the training gave no value. */
    bestValue: z.number().nullable(),
    defaultValue: z.number().nullable(),
  }),
  /** One configuration trained with a seed that no trial had, to confirm a lead: no trial, and on no budget. */
  z.object({
    event: z.literal('confirmation-trained'),
    hyperparameters: values,
    seed: z.int(),
    codeHash: z.string(),
    /** Of the objective’s metric; null when the training gave none. */
    value: z.number().nullable(),
    failure: z.string().optional(),
    wallSeconds: z.number().nullable(),
  }),
] as const;

/** What happened, as a caller records it. */
export const eventBody = z.discriminatedUnion('event', eventSchemas);
export type EventBody = z.infer<typeof eventBody>;
export type EventOf<Name extends EventBody['event']> = Extract<EventBody, { event: Name }>;

/** What happened, with its place in the log: `seq` counts from 1, `at` is UTC in ISO 8601 with milliseconds. */
export type StudyEvent = EventBody & { readonly v: number; readonly seq: number; readonly at: string };
export type StopReason = (typeof STOP_REASONS)[number];
export type StudyChanges = z.infer<typeof changes>;
export type BudgetLimits = z.infer<typeof limits>;
