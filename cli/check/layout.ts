import { pad, widthOf, wrap } from '../terminal-text.ts';

/** A label and what belongs to it. Rows without a label go on with the one before. */
export type Row = readonly [label: string, text: string];

const INDENT = 2;
const GAP = 2;
/** A value column wider than this pushes the next one out of its line instead of widening the whole table. */
const WIDEST_CELL = 36;

/** Rows as lines of two columns, long texts wrapped under their own beginning; `columns` may be infinite. */
export function layRows(rows: readonly Row[], columns: number): string[] {
  const labelWidth = Math.max(0, ...rows.map(([label]) => widthOf(label)));
  const start = INDENT + labelWidth + GAP;
  return rows.flatMap(([label, text]) => {
    const [first = '', ...others] = wrap(text, columns - start);
    const head = `${' '.repeat(INDENT)}${pad(label, labelWidth)}${' '.repeat(GAP)}${first}`.trimEnd();
    return [head, ...others.map((line) => ' '.repeat(start) + line)];
  });
}

/** Cells in columns, the last one as long as it likes. */
export function alignCells(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.min(WIDEST_CELL, Math.max(...table.map((cells) => widthOf(cells[column] ?? '')))),
  );
  return table.map((cells) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}
