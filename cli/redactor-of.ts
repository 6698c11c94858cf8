import { createRedactor, type Redact, secretsIn } from '../study/redact.ts';
import type { Context } from './context.ts';
import { keySources } from './model-choice.ts';

/** Takes out of a text what the environment and `.env` hold of secrets, and what looks like one. */
export function redactorOf(context: Context): Redact {
  return createRedactor(secretsIn(keySources(context).map(({ values }) => values)));
}
