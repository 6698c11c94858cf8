import { probeBubblewrap } from '../../runners/sandbox-probe.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { definedOf } from './ask-program.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

/** Whether `--sandbox` would work: a sandbox is really made. Nothing else needs it. */
export function sandboxCheck({ context }: DoctorInput): Check {
  return {
    name: 'Sandbox',
    look: async (signal): Promise<Finding> => {
      try {
        const program = await probeBubblewrap(definedOf(context.environment), signal);
        return { status: 'ok', finding: `${program} works: --sandbox can be used` };
      } catch (error) {
        if (!(error instanceof AgentHpoError) || error.code !== 'sandbox-unavailable') throw error;
        return { status: 'warning', finding: `--sandbox cannot be used: ${error.message}`, mend: error.hint };
      }
    },
  };
}
