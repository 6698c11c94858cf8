import { basename, resolve } from 'node:path';
import { createLocalRunner } from '../../runners/local.ts';
import { lockOwner } from '../../study/lock.ts';
import { listStudies } from '../../study/study-folder.ts';
import type { Check, DoctorInput } from './check.ts';

/** Trainings that outlived their study: they go on using the machine. */
export function studiesCheck({ context, settings }: DoctorInput): Check {
  const out = resolve(context.workingFolder, settings.out);
  return {
    name: 'Studies',
    look: async () => {
      const folders = listStudies(out);
      const runner = createLocalRunner();
      const running = folders.filter((folder) => lockOwner(folder) !== undefined).length;
      const counted = await Promise.all(
        folders.map(async (folder) => ({ id: basename(folder), survivors: (await runner.survivors(folder)).length })),
      );
      const left = counted.filter(({ survivors }) => survivors > 0);
      const finding = `${folders.length} in ${out}, ${running} running`;
      if (left.length === 0) return { status: 'ok', finding };
      return {
        status: 'warning',
        finding: `${finding}; trainings without their tuner: ${left.map(({ id, survivors }) => `${survivors} of ${id}`).join(', ')}`,
        mend: `Go on with it: agenthpo resume ${left[0]?.id} (or end it: agenthpo stop ${left[0]?.id})`,
      };
    },
  };
}
