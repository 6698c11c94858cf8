import { resolve } from 'node:path';

/** AGENTHPO_DATA as it was meant where the user stands: trainings run in folders of their own, where a relative path leads elsewhere. */
export function absoluteDataFolder(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { AGENTHPO_DATA: data } = environment;
  // `~` is the home, which whoever reads the variable expands.
  return data && !data.startsWith('~') ? { AGENTHPO_DATA: resolve(data) } : {};
}
