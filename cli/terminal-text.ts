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

/** A text in lines of at most `width` columns, broken between words; a word that is longer stands whole. */
export function wrap(text: string, width: number): string[] {
  const least = Math.max(20, width);
  const lines: string[] = [];
  // Two spaces and more are a table’s, and stay where the line need not be broken.
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > least) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Where the text of a line begins: behind its label in a column of its own, else behind its indentation. */
const MARGIN = /^ {2,}\S+ {2,}|^ +|^→ /;

/** A text line by line, each broken between words where it would pass `columns`, and going on below its own beginning. */
export function wrapLine(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    const margin = MARGIN.exec(line)?.[0] ?? '';
    const hang = ' '.repeat(widthOf(margin) || HANG);
    const [first = '', ...others] = wrap(line.slice(margin.length), columns - hang.length);
    return [margin + first, ...others.map((each) => hang + each)];
  });
}

/** How far a line without an indentation of its own is indented where it goes on. */
const HANG = 2;

/** A line’s spans as one or more lines, broken as `wrapLine` does. */
export function wrapSpans(line: Line, columns: number): Line[] {
  const spans = line.map((span) => ({ ...span, text: cleanText(span.text) }));
  const [first = '', ...others] = wrapLine(spans.map(({ text }) => text).join(''), columns);
  let start = first.length + 1;
  const rest = others.map((text): Line => {
    const words = text.trimStart();
    const [from, to] = [start, start + words.length];
    start = to + 1;
    return [{ text: text.slice(0, text.length - words.length) }, ...cutSpans(spans, from, to)];
  });
  return [cutSpans(spans, 0, first.length), ...rest];
}

/** What lies between two places of the spans’ text. */
function cutSpans(spans: Line, from: number, to: number): Line {
  let before = 0;
  return spans.flatMap((span) => {
    const text = span.text.slice(Math.max(0, from - before), Math.max(0, to - before));
    before += span.text.length;
    return text === '' ? [] : [{ ...span, text }];
  });
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
