import { AgentHpoError, messageOf } from '../study/errors.ts';
import { printable } from '../study/printable.ts';
import { linesOf } from './lines-of.ts';
import { LogProblems } from './log-problems.ts';
import { parseNumber } from './parse-number.ts';
import type { LogRow, TrainingLog } from './training-log.ts';

/** Longer lines hold no metric; a user’s pattern never has to search them. */
const LONGEST_LINE = 10_000;

/**
 * Numbers in a script’s output: lines `METRIC name=value [name=value…]` and, with a pattern, what its named groups match
 * in any other line. Everything else is skipped. Throws `task-invalid` when the pattern is no usable regular expression.
 */
export function parseLines(text: string, pattern?: string): TrainingLog {
  const expression = pattern === undefined ? undefined : compilePattern(pattern);
  const rows: LogRow[] = [];
  const problems = new LogProblems();
  for (const line of linesOf(text)) {
    if (line.text.length > LONGEST_LINE) continue;
    for (const shown of printableParts(line.text)) {
      const metrics = metricsOf(shown);
      const numbers = metrics?.length ? metrics : ((expression && matchesOf(shown, expression)) ?? metrics);
      if (numbers === undefined) continue;
      if (numbers.length > 0) rows.push(Object.fromEntries(numbers));
      else if (line.ended) problems.add(line.number, 'no name=number', shown);
    }
  }
  return { rows, problems: problems.found };
}

/** What a terminal shows of a line, one after another: progress bars return to its start and write over it. */
function printableParts(line: string): string[] {
  return line.split('\r').map((part) => printable(part));
}

function metricsOf(line: string): [string, number][] | undefined {
  const [, assignments] = /^METRIC\s+(\S.*)$/.exec(line.trim()) ?? [];
  return assignments?.split(/[\s,;]+/).flatMap((assignment): [string, number][] => {
    const [, name, written] = /^([^=]+)=(.+)$/.exec(assignment) ?? [];
    const value = parseNumber(written ?? '');
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}

function matchesOf(line: string, expression: RegExp): [string, number][] | undefined {
  const groups = [...line.matchAll(expression)].flatMap((match) => Object.entries(match.groups ?? {}));
  const numbers = groups.flatMap(([name, written]): [string, number][] => {
    const value = parseNumber(written ?? '');
    return value === undefined ? [] : [[name, value]];
  });
  return numbers.length > 0 ? numbers : undefined;
}

function compilePattern(pattern: string): RegExp {
  const hint = 'Write a regular expression such as "val_loss: (?<val_loss>\\S+)" in train.pattern.';
  try {
    const expression = new RegExp(pattern.replaceAll('(?P<', '(?<'), 'g'); // Python’s spelling of a named group, too
    if (/\(\?P?<\w/.test(pattern)) return expression;
  } catch (error) {
    const message = `train.pattern is not a regular expression: ${messageOf(error)}`;
    throw new AgentHpoError({ code: 'task-invalid', message, hint, cause: error });
  }
  throw new AgentHpoError({ code: 'task-invalid', message: `train.pattern names no metric: ${pattern}`, hint });
}
