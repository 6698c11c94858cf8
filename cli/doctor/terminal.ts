import type { Check, DoctorInput } from './check.ts';
import { hasColor } from './has-color.ts';

const COMFORTABLE_COLUMNS = 80;

/** Whether the live view can be drawn, on stderr, where progress goes. */
export function terminalCheck({ context }: DoctorInput): Check {
  return {
    name: 'Terminal',
    look: () => {
      const { stderr, environment } = context;
      if (stderr.isTTY !== true) return { status: 'skipped', finding: 'not a terminal: progress comes as plain lines' };
      const columns = stderr.columns ?? COMFORTABLE_COLUMNS;
      const finding = `${columns} columns, ${hasColor(stderr, environment) ? 'colour' : 'no colour'}`;
      if (columns >= COMFORTABLE_COLUMNS) return { status: 'ok', finding };
      return {
        status: 'warning',
        finding,
        mend: `The live view is made for ${COMFORTABLE_COLUMNS} columns: widen the window, or use --plain.`,
      };
    },
  };
}
