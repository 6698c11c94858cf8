import { createColors } from 'picocolors';
import stringWidth from 'string-width';
import { excerpt, printable } from '../study/printable.ts';

/** Colours that can be read on a light and on a dark background; yellow, cyan and white cannot. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'magenta';

/** A piece of text with one style. Its text may hold anything: it is cleaned before it reaches a terminal. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** One line of output. */
export type Line = readonly Span[];

/** Variation selectors and skin tones: terminals disagree about the columns that a character then takes. */
const WIDTH_CHANGERS = /[\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}]/gu;

const segmenter = new Intl.Segmenter();

/** Text that a terminal only shows, as one line. */
export function cleanText(text: string): string {
  return printable(text)
    .replaceAll(/[\n\t]+/g, ' ')
    .replaceAll(WIDTH_CHANGERS, '');
}

/** A longer text as one line of at most `limit` characters, the cut marked by an ellipsis. */
export function oneLine(text: string, limit = 500): string {
  return excerpt(text, limit);
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(cleanText(text));
}

/** `text` in exactly `width` columns at least: padded with spaces at its end, or at its start for numbers. */
export function pad(text: string, width: number, at: 'end' | 'start' = 'end'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return at === 'end' ? text + space : space + text;
}

/** The start of a text that takes at most `width` columns, the cut marked by an ellipsis. */
export function truncate(text: string, width: number): string {
  const clean = cleanText(text);
  if (stringWidth(clean) <= width) return clean;
  let [kept, used] = ['', 0];
  for (const { segment } of segmenter.segment(clean.slice(0, 20 * width))) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : '';
}

/** The line’s spans, cut with an ellipsis where the line would pass `width` columns. */
export function fitLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  const fitted: Span[] = [];
  let left = width;
  for (const span of line) {
    const needed = widthOf(span.text);
    // The space makes a span that would just fit too long: more follows it, so the ellipsis needs its column.
    if (needed >= left) return [...fitted, { ...span, text: truncate(`${cleanText(span.text)} `, left) }];
    fitted.push(span);
    left -= needed;
  }
  return fitted;
}

/** Columns that a line takes on a terminal. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, span) => sum + widthOf(span.text), 0);
}

/** Draws lines as strings, with colour or without; the one place where a span’s text is cleaned and styled. */
export function createPainter(hasColor: boolean): (line: Line) => string {
  const colors = createColors(hasColor);
  return (line) =>
    line
      .map(({ text, style }) => (style === undefined ? cleanText(text) : colors[style](cleanText(text))))
      .join('')
      .trimEnd();
}
