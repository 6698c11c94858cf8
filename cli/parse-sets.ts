import { AgentHpoError } from '../study/errors.ts';
import type { HyperparameterValue } from '../study/hyperparameter.ts';
import { scalar } from './settings.ts';

/** `--set key=value` options as values by key; a value is read as YAML would (`3`, `0.1`, `true`, `null`, text). */
export function parseSets(options: unknown): Record<string, HyperparameterValue> {
  const written = Array.isArray(options) ? options.map(String) : [];
  return Object.fromEntries(written.map(parseSet));
}

function parseSet(written: string): [string, HyperparameterValue] {
  const at = written.indexOf('=');
  const value = scalar(written.slice(at + 1));
  if (at > 0 && isValue(value)) return [written.slice(0, at), value];
  throw new AgentHpoError({
    code: 'usage',
    message: `--set "${written}" is not key=value.`,
    hint: 'Write for example: --set epochs=5',
  });
}

function isValue(value: unknown): value is HyperparameterValue {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}
