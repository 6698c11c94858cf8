import { z } from 'zod';

/**
 * A whole number for a tool’s argument. zod’s own `int()` puts the bounds of exact doubles (9007199254740991) into the
 * JSON schema, which every request would carry and no model needs.
 */
export function wholeNumber(low: number, high?: number) {
  const bounded = high === undefined ? z.number().min(low) : z.number().min(low).max(high);
  return bounded.refine(Number.isSafeInteger, { error: 'must be a whole number' }).meta({ type: 'integer' });
}
