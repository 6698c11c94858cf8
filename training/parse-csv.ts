import Papa from 'papaparse';
import { LogProblems } from './log-problems.ts';
import { parseNumber } from './parse-number.ts';
import type { LogRow, TrainingLog } from './training-log.ts';

/**
 * A table with a header line. Empty cells carry nothing, as in Lightning’s metrics.csv, where training and validation
 * share one table; a last line that was cut off in writing is left out.
 */
export function parseCsv(text: string): TrainingLog {
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const [header = [], ...lines] = data;
  const names = header.map((name) => name.trim());
  const problems = new LogProblems();
  const rows = lines.flatMap((cells, index): LogRow[] => {
    const isLast = index === lines.length - 1;
    if (isLast && cells.length < names.length && !/[\r\n]$/.test(text)) return [];
    if (cells.length !== names.length)
      problems.add(index + 2, `${cells.length} cells under ${names.length} names`, cells.join(meta.delimiter));
    const numbers = numbersOf(names, cells);
    return numbers.length > 0 ? [Object.fromEntries(numbers)] : [];
  });
  return { rows, problems: problems.found };
}

function numbersOf(names: readonly string[], cells: readonly string[]): [string, number][] {
  return names.flatMap((name, column): [string, number][] => {
    const value = parseNumber(cells[column] ?? '');
    return value === undefined || name === '' ? [] : [[name, value]];
  });
}
