import { AgentHpoError } from '../study/errors.ts';
import type { HyperparameterValue } from '../study/hyperparameter.ts';
import { createRedactor, type Redact } from '../study/redact.ts';
import { scalar } from './settings.ts';

/**
 * `--set key=value` options as values by key; a value is read as YAML would (`3`, `0.1`, `true`, `null`, text). Throws
 * `usage` for one that cannot be read, for a key that is given twice, and for a value that has the shape of a secret.
 */
export function parseSets(options: unknown): Record<string, HyperparameterValue> {
  const written = Array.isArray(options) ? options.map(String) : [];
  const pairs = written.map(parseSet);
  assertEachOnce(pairs.map(([key]) => key));
  const sets = Object.fromEntries(pairs);
  assertNoSecrets(sets, createRedactor([]));
  return sets;
}

/** A study keeps its settings in study.yaml, to be resumed with them: a secret must not be one. Throws `usage`. */
export function assertNoSecrets(sets: Readonly<Record<string, HyperparameterValue>>, redact: Redact): void {
  const secret = Object.entries(sets).find(([, value]) => typeof value === 'string' && redact(value) !== value);
  if (secret === undefined) return;
  throw new AgentHpoError({
    code: 'usage',
    message: `The value of --set ${secret[0]} looks like a secret, which study.yaml would keep.`,
    hint: 'Let the script read it from a variable, and name that variable in task.yaml under environment: { pass: […] }.',
  });
}

function assertEachOnce(keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice === undefined) return;
  throw new AgentHpoError({
    code: 'usage',
    message: `${twice} was given more than one value.`,
    hint: `Give it once, such as: --set ${twice}=5`,
  });
}

function parseSet(written: string): [string, HyperparameterValue] {
  const at = written.indexOf('=');
  const value = scalar(written.slice(at + 1));
  if (at > 0 && isValue(value)) return [written.slice(0, at), value];
  if (at > 0 && typeof value === 'number')
    throw new AgentHpoError({
      code: 'usage',
      message: `--set "${written}" is no finite number.`,
      hint: `Write a number that fits, such as: --set ${written.slice(0, at)}=0.5`,
    });
  throw new AgentHpoError({
    code: 'usage',
    message: `--set "${written}" is not key=value.`,
    hint: 'Write for example: --set epochs=5',
  });
}

function isValue(value: unknown): value is HyperparameterValue {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || ['string', 'boolean'].includes(typeof value);
}
