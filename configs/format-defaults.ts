import { stringify } from 'yaml';
import { settingsSchema } from './schema.ts';

/** configs/default.yaml: every setting with its default and what it means, as a file to copy lines from. */
export function formatDefaults(): string {
  const entries = defaultsOf().map(
    ({ key, value, description }) => `# ${description}\n${stringify({ [key]: value }).trimEnd()}\n`,
  );
  return `# The defaults of agenthpo, generated from configs/schema.ts (npm run docs). Copy what you want to change into
# agenthpo.yaml in your working directory. Flags > environment (AGENTHPO_TRIALS=20) > agenthpo.yaml > the task’s budget.
\n${entries.join('\n')}`;
}

/**
 * Every setting, its default on one line, and what it means.
 *
 * @public
 */
export function settingDefaults(): { key: string; value: string; description: string }[] {
  return defaultsOf().map(({ key, value, description }) => ({
    key,
    value: stringify(value, { collectionStyle: 'flow' }).trimEnd(),
    description,
  }));
}

function defaultsOf(): { key: string; value: unknown; description: string }[] {
  const defaults = settingsSchema.parse({});
  return Object.entries(settingsSchema.shape).map(([key, schema]) => ({
    key,
    value: shown(key, defaults[key as keyof typeof defaults]),
    description: schema.description ?? '',
  }));
}

/** Durations are seconds inside and words outside. */
function shown(key: string, value: unknown): unknown {
  return ['request_timeout', 'retry_time'].includes(key) && typeof value === 'number' ? `${value}s` : value;
}
