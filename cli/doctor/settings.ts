import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsSchema } from '../../configs/schema.ts';
import { didYouMean } from '../../study/nearest.ts';
import type { Check, DoctorInput } from './check.ts';

/** Variables of agenthpo that are no settings. */
const OTHER_VARIABLES = ['AGENTHPO_DATA', 'AGENTHPO_ATTEMPT'];

/** The settings file, and variables that look like settings and are none: a typo there is silent. */
export function settingsCheck({ context, settingsError }: DoctorInput, named?: string): Check {
  return {
    name: 'Settings',
    look: () => {
      if (settingsError !== undefined) throw settingsError;
      const file = named ?? join(context.workingFolder, 'agenthpo.yaml');
      const found = existsSync(file) ? `${file} is valid` : 'no agenthpo.yaml here: the defaults';
      const known = [...settingVariables(), ...OTHER_VARIABLES];
      const given = Object.keys(context.environment).filter((name) => name.startsWith('AGENTHPO_'));
      const unknown = given.filter((name) => !known.includes(name));
      const set = given.filter((name) => known.includes(name));
      const finding = [found, ...(set.length > 0 ? [`${set.join(', ')} from the environment`] : [])].join('; ');
      if (unknown.length === 0) return { status: 'ok', finding };
      return {
        status: 'warning',
        finding: `${finding}; ${unknown.map((name) => `${name} means nothing (${didYouMean(name, known)})`).join('; ')}`,
        mend: `Correct or unset ${unknown.join(', ')}.`,
      };
    },
  };
}

function settingVariables(): string[] {
  return Object.keys(settingsSchema.shape).map((key) => `AGENTHPO_${key.toUpperCase()}`);
}
