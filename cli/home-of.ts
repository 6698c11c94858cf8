import { homedir } from 'node:os';
import type { Context } from './context.ts';

/** The user’s home. An empty HOME names none, as for a shell: then it is the account’s. */
export function homeOf(environment: Context['environment']): string {
  return environment['HOME'] || homedir();
}
