import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../study/errors.ts';
import { cacheFolder } from '../python-request.ts';
import { askProgram } from './ask-program.ts';
import type { Check, DoctorInput, Finding } from './check.ts';
import { nearestExisting } from './disk.ts';

/** The cache of Python environments: where, whether it can be written, how many, how large. */
export function environmentsCheck({ context, settings }: DoctorInput): Check {
  const cache = cacheFolder(settings, context.environment);
  return {
    name: 'Environments',
    look: async (signal): Promise<Finding> => {
      const problem = writeProblem(nearestExisting(cache));
      if (problem !== undefined)
        return {
          status: 'problem',
          finding: `${cache} cannot be written: ${problem}`,
          mend: 'Set AGENTHPO_CACHE to a folder that can be written and has room.',
        };
      const folder = join(cache, 'environments');
      const count = existsSync(folder) ? readdirSync(folder).length : 0;
      if (count === 0) return { status: 'ok', finding: `none yet; they will be kept in ${cache}` };
      const size = sizeIn((await askProgram(['du', '-sk', folder], context, signal))?.stdout);
      return { status: 'ok', finding: `${count} in ${folder}${size}` };
    },
  };
}

/** Really writes: permissions alone do not tell of read-only file systems and quotas. */
function writeProblem(folder: string): string | undefined {
  try {
    rmSync(mkdtempSync(join(folder, '.agenthpo-doctor-')), { recursive: true });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** du’s answer in words; nothing where it took too long. */
function sizeIn(output = ''): string {
  const kib = /^\d+/.exec(output)?.[0];
  return kib === undefined ? '' : `, ${((Number(kib) * 1024) / 1e9).toFixed(1)} GB`;
}
