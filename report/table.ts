/** A column of a Markdown table: its heading, how it is set, and the cell of a row. Cells must be escaped already. */
export interface Column<Row> {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  cell(row: Row, index: number): string;
}

/** A table as every Markdown reader with tables shows it. Newlines in a cell would end the table: they become spaces. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [
    line(columns.map(({ heading }) => heading)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row, index) => line(columns.map((column) => column.cell(row, index)))),
  ].join('\n');
}
