import { printable } from '../study/printable.ts';

/**
 * Words that a model, a training script or a task file wrote, on their way into a document. They may hold anything:
 * markup, links to the outside, terminal escapes, text that runs backwards. Here they become plain text and nothing else.
 */
const WORD_JOINER = '\u2060';

/** The first `limit` characters, saying how many were cut. */
export function cutText(text: string, limit: number): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit).join('').trimEnd()} … (${characters.length - limit} more characters cut)`;
}

/** One line of Markdown that shows exactly these words: no markup, no link, no table cell’s end. */
export function inlineText(text: string, limit = 1000): string {
  const line = cutText(printable(text).replaceAll(/\s+/g, ' ').trim(), limit);
  return unlinked(line)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replace(/^([#+=-])/, String.raw`\$1`)
    .replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`);
}

/** A short text for a table cell: cut without ceremony, since the whole stands below. */
export function cellText(text: string, limit = 90): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim();
  const characters = [...line];
  if (characters.length <= limit) return inlineText(line);
  const kept = characters.slice(0, limit - 1).join('');
  const end = kept.lastIndexOf(' ');
  return inlineText(`${end > limit / 2 ? kept.slice(0, end) : kept}…`);
}

/** A code span that shows exactly these characters, also inside a table. */
export function codeSpan(text: string, limit = 200): string {
  const line = cutText(unlinked(printable(text).replaceAll(/\s+/g, ' ').trim()), limit);
  if (line === '') return '';
  if (/[|<>&]/.test(line)) return inlineText(line, limit); // a pipe ends a cell even inside a code span
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A fenced block that nothing in `text` can close. */
export function codeBlock(text: string, language = ''): string {
  const cleaned = printable(text).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(cleaned, '`') + 1));
  return `${fence}${language}\n${cleaned}\n${fence}`;
}

/** The last lines of a training’s output, at most `lines` and `limit` characters, saying what was cut. */
export function tailOf(text: string, lines = 12, limit = 1500): string {
  const all = printable(text).trimEnd().split('\n');
  const kept = all.slice(-lines).join('\n');
  const characters = [...kept];
  const shown = characters.length > limit ? characters.slice(-limit).join('') : kept;
  const isCut = all.length > lines || characters.length > limit;
  return isCut ? `… (only the end is shown)\n${shown}` : shown;
}

/** Text for an element or a quoted attribute of SVG or HTML. */
export function markupText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Addresses stay readable but are no addresses to a renderer that turns bare ones into links. */
function unlinked(text: string): string {
  return text
    .replaceAll('//', `/${WORD_JOINER}/`)
    .replaceAll(/\b(www)\./gi, `$1${WORD_JOINER}.`)
    .replaceAll(/\b(mailto|xmpp|javascript|data|vbscript):/gi, `$1${WORD_JOINER}:`)
    .replaceAll('@', `${WORD_JOINER}@${WORD_JOINER}`);
}

function longestRun(text: string, character: string): number {
  return Math.max(0, ...text.split(/[^`]+/).map((run) => (run.startsWith(character) ? run.length : 0)));
}
