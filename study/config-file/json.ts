import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type ConfigFormat, type ConfigNode, NO_CHILDREN } from './format.ts';
import { configInvalid, configUnreadable } from './invalid.ts';
import { writeNumber } from './number-text.ts';

/**
 * JSON, with the comments and trailing commas of “JSON with comments” where a file has them: they are for its script
 * to like or not. What is written is plain JSON.
 */
export const jsonFormat: ConfigFormat = {
  name: 'JSON',
  read(text, file) {
    const tree = parseJson(text, file);
    return { values: Object.fromEntries(entriesOf(tree, toValue)), root: toNode(tree) };
  },
  write: ({ value, asFloat }) => (typeof value === 'number' ? writeNumber(value, asFloat) : JSON.stringify(value)),
};

function parseJson(text: string, file: string): Node {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [problem] = errors;
  const failure = (reason: string, offset: number) =>
    configUnreadable(file, 'JSON', `${reason} at line ${text.slice(0, offset).split('\n').length}`);
  if (problem !== undefined) throw failure(inWords(problem), problem.offset);
  if (tree?.type !== 'object')
    throw configInvalid(
      `${file} does not hold an object at its top level`,
      'Make the top level an object: { "key": value }.',
    );
  const twice = repeatedKey(tree);
  if (twice !== undefined) throw failure(`the key "${twice.value}" stands twice in one object`, twice.offset);
  return tree;
}

/** `CommaExpected` → `comma expected`. */
function inWords({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

/** The second of two equal keys. Python would take the last one, other readers the first. */
function repeatedKey(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [key] = node.type === 'object' ? (child.children ?? []) : [];
    if (key !== undefined && seen.has(key.value)) return key;
    seen.add(key?.value ?? child);
    const deeper = repeatedKey(child);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function toNode(node: Node): ConfigNode {
  if (node.type === 'object') return { children: new Map(entriesOf(node, toNode)) };
  if (node.type === 'array') return { children: new Map(itemsOf(node, toNode).map((item, i) => [String(i), item])) };
  return { span: [node.offset, node.offset + node.length], children: NO_CHILDREN };
}

function toValue(node: Node): unknown {
  if (node.type === 'object') return Object.fromEntries(entriesOf(node, toValue));
  return node.type === 'array' ? itemsOf(node, toValue) : node.value;
}

function entriesOf<T>(object: Node, convert: (value: Node) => T): [string, T][] {
  return (object.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [[String(key.value), convert(value)] as [string, T]],
  );
}

function itemsOf<T>(array: Node, convert: (value: Node) => T): T[] {
  return (array.children ?? []).map((item) => convert(item));
}
