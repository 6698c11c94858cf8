import { statSync } from 'node:fs';
import type { EnvironmentSource } from '../../agents/models/credentials.ts';
import { PROVIDERS } from '../../agents/models/providers.ts';
import { keySources } from '../model-choice.ts';
import type { Check, DoctorInput } from './check.ts';

const KEY_VARIABLES = PROVIDERS.flatMap(({ keyVariables }) => keyVariables);

/** Which keys are there and where from. Their values are never read into a finding. */
export function keysCheck({ context }: DoctorInput): Check {
  return {
    name: 'Keys',
    look: () => {
      const sources = keySources(context);
      const found = KEY_VARIABLES.map((name) => ({ name, holders: holdersOf(name, sources) })).filter(
        ({ holders: [first] }) => first !== undefined,
      );
      const holders = found.flatMap((each) => each.holders);
      if (found.length === 0) return { status: 'skipped', finding: 'no OPENAI_API_KEY; the offline model needs none' };
      const finding = found
        .map(({ name, holders: [first, second] }) => {
          const shadowed = second === undefined ? '' : ` (and one in ${second.name}, which is not used)`;
          return `${name} is set in ${first?.name}${shadowed}`;
        })
        .join('; ');
      const open = holders.find(({ name }) => name.endsWith('.env') && isReadableByOthers(name));
      if (open === undefined) return { status: 'ok', finding };
      return {
        status: 'warning',
        finding: `${finding}; other users of this machine can read ${open.name}`,
        mend: `Run: chmod 600 ${open.name}`,
      };
    },
  };
}

function holdersOf(name: string, sources: readonly EnvironmentSource[]): EnvironmentSource[] {
  return sources.filter(({ values }) => values[name]?.trim());
}

function isReadableByOthers(file: string): boolean {
  return (statSync(file).mode & 0o004) !== 0;
}
