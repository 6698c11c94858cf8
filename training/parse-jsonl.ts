import { linesOf } from './lines-of.ts';
import { LogProblems } from './log-problems.ts';
import type { LogRow, TrainingLog } from './training-log.ts';

/**
 * One JSON object a line. Numbers inside an object of the row get dotted names (`val.loss`). Python’s bare `NaN` and
 * `Infinity` are read as such; a last line that was cut off in writing is left out.
 */
export function parseJsonl(text: string): TrainingLog {
  const rows: LogRow[] = [];
  const problems = new LogProblems();
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') continue;
    const parsed = parseObject(line.text.replace(/^\uFEFF/, ''));
    if (parsed === undefined) {
      if (line.ended) problems.add(line.number, 'not a JSON object', line.text);
      continue;
    }
    const numbers = numbersOf(parsed);
    if (numbers.length > 0) rows.push(Object.fromEntries(numbers));
  }
  return { rows, problems: problems.found };
}

function parseObject(line: string): object | undefined {
  const value = parseJson(line) ?? parseJson(withoutBareNumbers(line));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON has no NaN. Strings pass through whole, so that a bare word is told from the same word in a text. */
const STRING_OR_BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
const NAN_MARK = '\u0000NaN';

function withoutBareNumbers(line: string): string {
  return line.replaceAll(STRING_OR_BARE, (found) => {
    if (found.startsWith('"')) return found;
    return found === 'NaN' ? JSON.stringify(NAN_MARK) : found.replace('Infinity', '1e999'); // which JSON.parse reads as infinity
  });
}

function numbersOf(row: object): [string, number][] {
  return Object.entries(row).flatMap(([name, value]) => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!nested) return toEntry(name, value);
    return Object.entries(value).flatMap(([inner, innerValue]) => toEntry(`${name}.${inner}`, innerValue));
  });
}

function toEntry(name: string, value: unknown): [string, number][] {
  if (value === NAN_MARK) return [[name, Number.NaN]];
  return typeof value === 'number' ? [[name, value]] : [];
}
