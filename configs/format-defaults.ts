import { stringify } from 'yaml';
import { settingsSchema } from './schema.ts';

/** configs/default.yaml: every setting with its default and what it means, as a file to copy lines from. */
export function formatDefaults(): string {
  const defaults = settingsSchema.parse({});
  const entries = Object.entries(settingsSchema.shape).map(([key, schema]) => {
    const value = defaults[key as keyof typeof defaults];
    return `# ${schema.description ?? ''}\n${stringify({ [key]: shown(key, value) }).trimEnd()}\n`;
  });
  return `# The defaults of agenthpo, generated from configs/schema.ts (npm run configs). Copy what you want to change into
# agenthpo.yaml in your working directory. Flags > environment (AGENTHPO_TRIALS=20) > agenthpo.yaml > the task’s budget.
\n${entries.join('\n')}`;
}

/** Durations are seconds inside and words outside. */
function shown(key: string, value: unknown): unknown {
  return key === 'request_timeout' && typeof value === 'number' ? `${value}s` : value;
}
