import { settingsSchema } from '../configs/schema.ts';
import { didYouMean } from '../study/nearest.ts';

const PREFIX = 'AGENTHPO_';
/** Names that mean something without being a setting: where data lies, and what the runner marks its processes with. */
const OTHERS = ['AGENTHPO_DATA', 'AGENTHPO_ATTEMPT'];

/** A line for every variable that looks like a setting and is none: `AGENTHPO_TRAILS=3` would be passed over in silence. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...Object.keys(settingsSchema.shape).map((key) => PREFIX + key.toUpperCase()), ...OTHERS];
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => `Note: the variable ${name} is no setting and has no effect (${didYouMean(name, known)}).`);
}
