import stringWidth from 'string-width';

/** Frames that are shown whole, and lines that are cut instead of wrapped: nothing that a test here looks at. */
const IGNORED = ['?2026', '?7'];

/**
 * Just enough of a terminal to see what a person would: text, line ends, wrapping, the few movements that the live view
 * uses, and the cursor’s visibility. It is endlessly high: nothing scrolls away. An escape sequence that it does
 * not know is an error.
 */
export class TinyTerminal {
  readonly writes: string[] = [];
  columns: number;
  isCursorVisible = true;
  #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** The lines on the screen, without spaces at their ends. */
  get screen(): string[] {
    const lines = this.#rows.map((row) => Array.from(row, (cell) => cell ?? ' ').join(''));
    return lines.map((line) => line.trimEnd());
  }

  write(text: string): boolean {
    this.writes.push(text);
    for (const token of text.match(/\u001b\[[?0-9;]*[A-Za-z]|\u001b|[^\u001b]/gu) ?? []) this.#take(token);
    return true;
  }

  #take(token: string): void {
    if (token === '\n') this.#moveTo(this.#row + 1, 0);
    else if (token === '\r') this.#column = 0;
    else if (token.startsWith('\u001b')) this.#obey(token.slice(2, -1), token.slice(-1));
    else this.#put(token);
  }

  #obey(argument: string, command: string): void {
    const row = this.#rows[this.#row] ?? [];
    if (command === 'A') this.#row = Math.max(0, this.#row - Number(argument));
    else if (command === 'K') row.length = Math.min(row.length, this.#column);
    else if (command === 'J') {
      row.length = Math.min(row.length, this.#column);
      this.#rows.length = this.#row + 1;
    } else if (argument === '?25') this.isCursorVisible = command === 'h';
    else if (!IGNORED.includes(argument) && command !== 'm')
      throw new Error(`the terminal does not know ${JSON.stringify(argument + command)}`);
  }

  #put(character: string): void {
    const width = stringWidth(character);
    if (this.#column + width > this.columns) this.#moveTo(this.#row + 1, 0);
    const row = this.#rows[this.#row] ?? [];
    row[this.#column] = character;
    if (width === 2) row[this.#column + 1] = '';
    this.#column += width;
  }

  #moveTo(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    while (this.#rows.length <= row) this.#rows.push([]);
  }
}
