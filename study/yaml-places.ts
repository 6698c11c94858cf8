import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node, visit, type YAMLParseError } from 'yaml';
import { excerpt } from './printable.ts';

/** A place in a text file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the value at a dotted path (`train.script`, `constraints[0]`) stands, else the nearest thing around it; undefined for nothing. */
export function placeIn(document: Document.Parsed, lines: LineCounter, path: string): Place | undefined {
  const offset = offsetOf(document.contents, path.replaceAll(/\[(\d+)\]/g, '.$1'));
  return offset === undefined ? undefined : toPlace(lines, offset);
}

function offsetOf(node: unknown, path: string): number | undefined {
  for (const [name, start, child] of childrenOf(node)) {
    if (name === path) return start;
    if (path.startsWith(`${name}.`)) return offsetOf(child, path.slice(name.length + 1)) ?? start;
  }
  return undefined;
}

/** Name, offset and node of each entry. */
function childrenOf(node: unknown): [string, number, unknown][] {
  if (isSeq(node)) return node.items.flatMap((item, index) => entry(String(index), item, item));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => (isScalar(key) ? entry(String(key.value), key, value) : []));
}

function entry(name: string, at: unknown, child: unknown): [string, number, unknown][] {
  const start = isScalar(at) || isMap(at) || isSeq(at) ? (at as Node).range?.[0] : undefined;
  return start === undefined ? [] : [[name, start, child]];
}

function toPlace(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/**
 * What keeps a text from being YAML, as `line 4, column 1: …`. One mistake in the layout makes a parser stumble over
 * what follows, so only the first is told; keys that stand twice are told all.
 */
export function yamlProblems(document: Document.Parsed, lines: LineCounter, text: string): string[] {
  const [first] = document.errors;
  if (first === undefined) return [];
  const told = document.errors.every(({ code }) => code === 'DUPLICATE_KEY') ? document.errors : [first];
  return told.map((error) => {
    const { line, column } = toPlace(lines, error.pos[0]);
    const source = excerpt(text.split('\n')[line - 1] ?? '', 80);
    return `line ${line}, column ${column}: ${inWords(error, document, lines)}${source === '' ? '' : ` (in: ${source})`}`;
  });
}

function inWords(error: YAMLParseError, document: Document.Parsed, lines: LineCounter): string {
  if (error.code === 'TAB_AS_INDENT')
    return 'a tab is used as indentation, where YAML takes only spaces; put spaces in its place';
  if (error.code === 'DUPLICATE_KEY') return duplicateInWords(error.pos[0], document, lines);
  const [sentence = ''] = error.message.replace(/ at line \d+, column \d+:?\s[\s\S]*$/, '').split('\n');
  return `not valid YAML: ${sentence}`;
}

function duplicateInWords(offset: number, document: Document.Parsed, lines: LineCounter): string {
  let words = 'a key stands here a second time; keep one of the two';
  visit(document, {
    Map(_, { items }) {
      const keys = items.flatMap(({ key }) =>
        isScalar(key) && key.range ? [{ name: key.value, at: key.range[0] }] : [],
      );
      const second = keys.find(({ at }) => at === offset);
      const earlier = keys.find(({ name, at }) => name === second?.name && at < offset);
      if (second === undefined || earlier === undefined) return;
      words = `"${String(second.name)}" stands here a second time (first in line ${toPlace(lines, earlier.at).line}); keep one of the two`;
    },
  });
  return words;
}
