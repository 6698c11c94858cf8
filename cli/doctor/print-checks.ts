import { createPainter, type Line, pad, type Span, widthOf, wrap } from '../terminal-text.ts';
import type { CheckResult, CheckStatus } from './check.ts';

const MARKS: Readonly<Record<CheckStatus, Span>> = {
  ok: { text: '✓', style: 'green' },
  warning: { text: '!', style: 'magenta' },
  problem: { text: '✗', style: 'red' },
  skipped: { text: '–', style: 'dim' },
};

const INDENT = '  ';

export interface Paper {
  readonly columns: number;
  readonly hasColor: boolean;
}

/** The results as lines: mark, name, finding, and below it how to mend what is not right. */
export function formatChecks(results: readonly CheckResult[], { columns, hasColor }: Paper): string[] {
  const paint = createPainter(hasColor);
  const nameWidth = Math.max(...results.map(({ name }) => widthOf(name))) + 2;
  const margin = ' '.repeat(INDENT.length + 2 + nameWidth);
  return results
    .flatMap(({ name, status, finding, mend }): Line[] => {
      const [first = '', ...rest] = wrap(finding, columns - margin.length);
      const cure = mend === undefined ? [] : wrap(`→ ${mend}`, columns - margin.length);
      const head = [{ text: INDENT }, MARKS[status], { text: ` ${pad(name, nameWidth)}${first}` }];
      return [head, ...[...rest, ...cure].map((text) => [{ text: margin + text }])];
    })
    .map(paint);
}

/** The last line: whether tune would work, and what comes next. */
export function conclusionOf(results: readonly CheckResult[], next: string): string {
  const count = (status: CheckStatus) => results.filter((each) => each.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems > 0) return `${problems} to mend before tune works (✗).`;
  return `${warnings === 0 ? 'Everything that tune needs works' : 'tune works; see the warnings (!)'}. Next: ${next}`;
}
