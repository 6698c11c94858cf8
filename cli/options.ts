import { AgentHpoError } from '../study/errors.ts';

/** A text option; undefined when it was not given. */
export function textOption(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A whole number ≥ 0; undefined when it was not given. Throws `usage`. */
export function numberOption(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0 && String(value).trim() !== '') return number;
  throw new AgentHpoError({
    code: 'usage',
    message: `${name} must be a whole number ≥ 0, got "${value}".`,
    hint: `Write for example: ${name} 7`,
  });
}
