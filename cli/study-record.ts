import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { ablationSettings } from '../configs/ablations.ts';
import { quirkSettings, roleModelSettings } from '../configs/models.ts';
import { EXECUTORS, STRATEGIES } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { TOOL_FORMS } from '../study/model-quirk.ts';
import { describeIssues } from '../study/schema-errors.ts';

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/**
 * What study.yaml holds: the resolved settings, enough to go on with the study or to run it again. What a resume changed of
 * them stands in the log (`study-resumed`).
 */
const recordSchema = z.strictObject({
  study: z.string(),
  created: z.string(),
  /** The command line that began the study. */
  command: z.string(),
  /** Where it was typed; studies of before do not say. */
  working_folder: z.string().optional(),
  task: z.strictObject({
    folder: z.string().refine(isAbsolute, 'must be an absolute path'),
    name: z.string(),
    profile: z.string().nullable(),
    set: z.record(z.string(), value),
    /** A short hash by path: what the folder held when the study began, or went on with new code. Older studies do not say. */
    files: z.record(z.string(), z.string()).optional(),
  }),
  strategy: z.enum(STRATEGIES),
  /** Of `hybrid` and `llm-then-gp`; studies of before had neither. */
  overrule_share: z.number().default(0.3),
  llm_trials: z.int().nullable().default(null),
  executor: z.enum(EXECUTORS),
  /** `openai:<name>` or `offline`; null when no model takes part. */
  model: z.string().nullable(),
  /** Roles with a model of their own; null: `model`. Studies of before had one for all. */
  models: z.strictObject(roleModelSettings).prefault({}),
  /** How tools are offered; what the user says that a model’s server refuses. */
  tool_form: z.enum(TOOL_FORMS).default('auto'),
  quirks: quirkSettings.default({}),
  base_url: z.string().nullable(),
  /** false: an agenthpo.yaml of the folder named it, not the user; studies of before do not say. */
  own_base_url: z.boolean().default(true),
  temperature: z.strictObject({ creator: z.number().nullable(), executor: z.number().nullable() }),
  request_timeout_seconds: z.number(),
  /** Studies of before had none, and no time for retries of their own. */
  fallback_models: z.array(z.string()).default([]),
  retry_seconds: z.number().default(300),
  begin_with_default: z.boolean(),
  /** Whether the user is asked before each proposed trial; studies of before do not say. */
  approve: z.boolean().default(false),
  /** Trained on generated data; studies of before `--stand-in` do not say. */
  stand_in: z.boolean().default(false),
  seed: z.int(),
  timeout_seconds: z.number().nullable(),
  output_limit_bytes: z.number(),
  python: z.strictObject({ interpreter: z.string(), version: z.string(), variables: z.record(z.string(), z.string()) }),
  sandbox: z.boolean().default(false),
  /** How the Creator is asked; studies of before these settings were asked as usual. */
  ablations: z.strictObject(ablationSettings).prefault({}),
  versions: z.record(z.string(), z.string()),
  git_commit: z.string().nullable(),
});

export type StudyRecord = z.infer<typeof recordSchema>;

export function formatStudyRecord(record: StudyRecord): string {
  return `# Written by agenthpo when the study began; read by resume.\n${stringify(recordSchema.parse(record))}`;
}

export function readStudyRecord(file: string): StudyRecord {
  const raw: unknown = parse(readFileSync(file, 'utf8'));
  const checked = recordSchema.safeParse(raw);
  if (checked.success) return checked.data;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: `${file}: ${describeIssues(checked.error, recordSchema, raw).join('; ')}`,
    hint: 'The file was written by another version or edited by hand; undo the edit, or start a new study.',
  });
}
