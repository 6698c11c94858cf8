import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type ScalarTag } from 'yaml';
import { messageOf } from '../errors.ts';
import { type ConfigFormat, type ConfigNode, NO_CHILDREN, type Replacement } from './format.ts';
import { configInvalid, configUnreadable } from './invalid.ts';
import { writeYamlScalar } from './yaml-scalar.ts';

/**
 * YAML as Python scripts read it (YAML 1.1, PyYAML). One difference is on purpose: `1e-3`, a string to PyYAML, is read
 * as the number its author meant.
 */
export const yamlFormat: ConfigFormat = {
  name: 'YAML',
  read(text, file) {
    const document = parseYaml(text, file);
    return { values: valuesOf(document, file), root: toNode(document.contents) };
  },
  write: writeYaml,
};

/** PyYAML, unlike the YAML 1.1 specification, takes the letters y and n for text; they are common names of keys. */
const LETTERS_ARE_TEXT: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^[yYnN]$/,
  resolve: (text) => text,
};

function parseYaml(text: string, file: string): Document.Parsed {
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    logLevel: 'error',
    customTags: (tags) => [LETTERS_ARE_TEXT, ...tags],
  });
  const [problem] = document.errors;
  if (problem !== undefined) throw unreadable(file, problem);
  if (document.contents !== null && !isMap(document.contents))
    throw configInvalid(`${file} does not hold “key: value” lines at its top level`, 'Make the top level a mapping.');
  return document;
}

function valuesOf(document: Document.Parsed, file: string): Record<string, unknown> {
  try {
    const values: unknown = document.toJS() ?? {};
    JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? String(value) : value)); // throws on a circle
    return values as Record<string, unknown>; // a mapping: parseYaml has checked
  } catch (error) {
    throw unreadable(file, error); // aliases in a circle or without end, a merge of what is no mapping
  }
}

function toNode(node: unknown): ConfigNode {
  if (isAlias(node)) return { span: spanOf(node.range), children: NO_CHILDREN, inherits: `the anchor &${node.source}` };
  if (isScalar(node)) return { span: spanOf(node.range), children: NO_CHILDREN };
  if (isSeq(node)) return { children: new Map(node.items.map((item, index) => [String(index), toNode(item)])) };
  if (!isMap(node)) return { children: NO_CHILDREN };
  const children = new Map(node.items.map((pair) => [nameOf(pair), toNode(pair.value)]));
  return { children, inherits: children.has('<<') ? 'the merge "<<"' : undefined };
}

function spanOf(range: readonly [number, number, number] | null | undefined): ConfigNode['span'] {
  return range === null || range === undefined ? undefined : [range[0], range[1]];
}

function nameOf({ key }: Pair): string {
  const name: unknown = isScalar(key) ? key.value : key;
  return typeof name === 'symbol' ? (name.description ?? '') : String(name ?? ''); // the merge key is Symbol(<<)
}

function writeYaml({ value, text, start, end, asFloat }: Replacement): string {
  const old = text.slice(start, end);
  const quotes = old.startsWith("'") ? 'single' : old.startsWith('"') ? 'double' : 'plain';
  const before = text[start - 1] === ':' ? ' ' : ''; // `key:` without a value
  const after = /\r?\n$/.exec(old)?.[0] ?? ''; // a block of text ends with its line
  return `${before}${writeYamlScalar(value, { quotes, asFloat })}${after}`;
}

function unreadable(file: string, error: unknown): Error {
  const [firstLine = ''] = messageOf(error).trim().split('\n');
  return configUnreadable(file, 'YAML', firstLine.replace(/:$/, ''), error);
}
