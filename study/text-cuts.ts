/** The beginning of `text` on one line, in at most `limit` characters, with an ellipsis where it was cut. */
export function cutToLine(text: string, limit: number): string {
  const line = oneLine(text);
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** As {@link cutToLine}, but of whole sentences where the first one fits. */
export function cutToSentence(text: string, limit: number): string {
  const line = oneLine(text);
  if (line.length <= limit) return line;
  const end = [...line.matchAll(/[.!?](?= )/g)].findLast(({ index }) => index < limit)?.index;
  return end === undefined ? cutToLine(line, limit) : line.slice(0, end + 1);
}

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The first sentence of `text` on one line, in at most `limit` characters, with an ellipsis where it was cut. */
export function firstSentence(text: string, limit: number): string {
  const [first] = SENTENCES.segment(oneLine(text));
  return cutToLine(first?.segment ?? '', limit);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
