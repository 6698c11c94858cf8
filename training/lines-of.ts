/** A line of text without its line end. */
export interface Line {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** False for a last line that the writer has not ended (yet, or ever). */
  readonly ended: boolean;
}

/** The lines of a text, one at a time: a log of 100 MB is never held twice. A line ends with \n or \r\n. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const ended = newline >= 0;
    const end = ended ? newline : text.length;
    const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    yield { text: line, number, ended };
    start = end + 1;
  }
}
