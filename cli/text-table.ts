import { pad, widthOf, wrap } from './terminal-text.ts';

/**
 * Rows of cells as aligned columns, two spaces apart; the first row is the head. Without spaces at a line’s end. Where
 * a line would pass `columns`, its last cell goes on below its own beginning.
 */
export function textTable(rows: readonly (readonly string[])[], columns = Number.POSITIVE_INFINITY): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const start = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  return rows.flatMap((row) => {
    const [first = '', ...others] = wrap(row.at(-1) ?? '', columns - start);
    const cells = [...row.slice(0, -1).map((cell, column) => pad(cell, widths[column] ?? 0)), first];
    return [cells.join('  ').trimEnd(), ...others.map((text) => ' '.repeat(start) + text)];
  });
}
