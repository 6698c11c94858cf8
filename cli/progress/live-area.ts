import { hideCursor } from './hidden-cursor.ts';

const ESCAPE = '\u001b[';
const CLEAR_BELOW = `${ESCAPE}J`;
const CLEAR_TO_LINE_END = `${ESCAPE}K`;
/** A terminal that knows this shows a frame when it is whole; the others ignore it. */
const [BEGIN_FRAME, END_FRAME] = [`${ESCAPE}?2026h`, `${ESCAPE}?2026l`];
/** Where terminals and our tables disagree about a character’s width, a line is cut, never wrapped. */
const [NO_WRAP, WRAP] = [`${ESCAPE}?7l`, `${ESCAPE}?7h`];

/** A line as it will be written, and the columns it takes. */
export interface DrawnLine {
  readonly text: string;
  readonly columns: number;
}

/** The size of a terminal now. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A few lines at the bottom of a terminal that are drawn over and over, below lines that stay. Every frame is one
 * write; lines are overwritten in place and never blanked first, so that nothing flickers.
 */
export class LiveArea {
  readonly #stream: { write(text: string): unknown };
  readonly #size: () => TerminalSize;
  #drawn: readonly DrawnLine[] = [];
  #showCursor: (() => void) | undefined;

  constructor(stream: { write(text: string): unknown }, size: () => TerminalSize) {
    this.#stream = stream;
    this.#size = size;
  }

  /** Writes `lasting` above the area for good (they may be longer than a line), and the area anew below them. */
  draw(lasting: readonly string[], lines: readonly DrawnLine[]): void {
    // What scrolls out of the terminal could never be overwritten: a low terminal gets the last lines.
    const area = lines.slice(-Math.max(1, this.#size().rows - 1));
    const isSame = area.length === this.#drawn.length && area.every(({ text }, i) => text === this.#drawn[i]?.text);
    if (lasting.length === 0 && isSame) return;
    if (area.length > 0) this.#showCursor ??= hideCursor(this.#stream, () => this.draw([], []));
    const kept = lasting.length === 0 ? '' : `${CLEAR_BELOW}${lasting.join('\n')}\n`;
    const body = area.map(({ text }) => text + CLEAR_TO_LINE_END).join('\n');
    this.#stream.write(`${BEGIN_FRAME}${this.#toTop()}${kept}${NO_WRAP}${body}${WRAP}${CLEAR_BELOW}${END_FRAME}`);
    this.#drawn = area;
  }

  /** Writes `lasting`, takes the area away and shows the cursor again. */
  close(lasting: readonly string[]): void {
    this.draw(lasting, []);
    this.#showCursor?.();
    this.#showCursor = undefined;
  }

  /** From the area’s last line to its first. A terminal that became narrower has wrapped what was drawn on it. */
  #toTop(): string {
    const columns = Math.max(1, this.#size().columns);
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.columns / columns)), 0);
    return rows > 1 ? `\r${ESCAPE}${rows - 1}A` : rows === 1 ? '\r' : '';
  }
}
