import { statSync } from 'node:fs';
import { keySources } from '../model-choice.ts';
import type { Check, DoctorInput } from './check.ts';

/** Which keys are there and where from. Their values are never read into a finding. */
export function keysCheck({ context }: DoctorInput): Check {
  return {
    name: 'Keys',
    look: () => {
      const sources = keySources(context);
      const holders = sources.filter(({ values }) => values['OPENAI_API_KEY']?.trim());
      const [first] = holders;
      if (first === undefined) return { status: 'skipped', finding: 'no OPENAI_API_KEY; the offline model needs none' };
      const shadowed = holders.length > 1 ? ` (and one in ${holders[1]?.name}, which is not used)` : '';
      const finding = `OPENAI_API_KEY is set in ${first.name}${shadowed}`;
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

function isReadableByOthers(file: string): boolean {
  return (statSync(file).mode & 0o004) !== 0;
}
