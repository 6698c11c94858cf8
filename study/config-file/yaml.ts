import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type ScalarTag } from 'yaml';
import { AgentHpoError, messageOf } from '../errors.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import { didYouMean } from '../nearest.ts';
import type { ConfigChanges, ConfigFormat, EditOptions } from './format.ts';
import { writeYamlScalar } from './yaml-scalar.ts';

/**
 * YAML as Python scripts read it (YAML 1.1, PyYAML). One difference is on purpose: `1e-3`, a string to PyYAML, is read
 * as the number its author meant. Edits replace a value’s own characters; printing the document anew would reflow it.
 */
export const yamlFormat: ConfigFormat = {
  read(text, file) {
    const document = parseYaml(text, file);
    const splice = (changes: ConfigChanges, options: EditOptions) =>
      Object.entries(changes).map(([key, value]) => planEdit({ document, text, file, key, value, options }));
    return {
      values: valuesOf(document, file),
      edit: (changes, options) => applySplices(text, splice(changes, options)),
    };
  },
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
    throw invalid(`${file} does not hold “key: value” lines at its top level`, 'Make the top level a mapping.');
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

interface Edit {
  readonly document: Document.Parsed;
  readonly text: string;
  readonly file: string;
  /** Dotted. */
  readonly key: string;
  readonly value: HyperparameterValue;
  readonly options: EditOptions;
}

/** New text in the place of `[start, end)`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function planEdit(edit: Edit): Splice {
  const { document, file, key, options } = edit;
  const found = find(document.contents, key);
  if (found.kind === 'found') return replace(edit, found.node);
  if (found.kind === 'shared')
    throw invalid(
      `${file}: "${key}" comes from ${found.by}, and a change there would change every place that uses it`,
      `Write "${key}" out in its own place instead of sharing it.`,
    );
  if (options.addMissing === true && !key.includes('.')) return append(edit);
  throw invalid(
    `${file} has no key "${key}" (${didYouMean(key, found.known)})`,
    `Add "${key}" to ${file} with its usual value, or name the right key in task.yaml.`,
  );
}

type Search =
  | { readonly kind: 'found'; readonly node: unknown }
  | { readonly kind: 'shared'; readonly by: string }
  | { readonly kind: 'missing'; readonly known: readonly string[] };

/** The node at a dotted key. `known` are the keys there are where the search ended, as full dotted keys. */
function find(node: unknown, key: string, prefix = ''): Search {
  if (isAlias(node)) return { kind: 'shared', by: `the anchor &${node.source}` };
  const children = childrenOf(node);
  const exact = children.find(([name]) => name === key);
  if (exact !== undefined) return { kind: 'found', node: exact[1] };
  const dot = key.indexOf('.');
  const head = dot < 0 ? undefined : children.find(([name]) => name === key.slice(0, dot));
  if (head !== undefined) return find(head[1], key.slice(dot + 1), `${prefix}${head[0]}.`);
  if (children.some(([name]) => name === '<<')) return { kind: 'shared', by: 'the merge "<<"' };
  return { kind: 'missing', known: children.map(([name]) => prefix + name) };
}

function childrenOf(node: unknown): [string, unknown][] {
  if (isSeq(node)) return node.items.map((item, index) => [String(index), item]);
  if (isMap(node)) return node.items.map((pair) => [nameOf(pair), pair.value ?? pair]);
  return [];
}

function nameOf({ key }: Pair): string {
  const name: unknown = isScalar(key) ? key.value : key;
  return typeof name === 'symbol' ? (name.description ?? '') : String(name ?? ''); // the merge key is Symbol(<<)
}

function replace({ text, file, key, value, options }: Edit, node: unknown): Splice {
  const range = isScalar(node) || isAlias(node) ? node.range : undefined;
  if (range === undefined || range === null) {
    const [inner] = childrenOf(node);
    const hint = inner === undefined ? `Give "${key}" a plain value.` : `Name one of its items: "${key}.${inner[0]}".`;
    throw invalid(`${file}: "${key}" does not hold a single value`, hint);
  }
  const [start, end] = range;
  const old = text.slice(start, end);
  const written = writeYamlScalar(value, {
    quotes: old.startsWith("'") ? 'single' : old.startsWith('"') ? 'double' : 'plain',
    asFloat: options.floatKeys?.has(key) === true || (isScalar(node) && isWrittenAsFloat(node.value, old)),
  });
  const before = text[start - 1] === ':' ? ' ' : ''; // `key:` without a value
  const after = /\r?\n$/.exec(old)?.[0] ?? ''; // a block of text ends with its line
  return { start, end, text: `${before}${written}${after}` };
}

function isWrittenAsFloat(value: unknown, source: string): boolean {
  return typeof value === 'number' && /[.eE]/.test(source) && !/^[-+]?0x/i.test(source);
}

/** A new line at the end of the file, indented as the top level is. */
function append({ document, text, file, key, value, options }: Edit): Splice {
  const { contents } = document;
  if (isMap(contents) && contents.flow === true)
    throw invalid(`${file} has no key "${key}", and its top level is in braces`, `Add "${key}" to ${file} by hand.`);
  const [first] = isMap(contents) ? contents.items : [];
  const start = isScalar(first?.key) ? (first.key.range?.[0] ?? 0) : 0;
  const indent = /[ ]*$/.exec(text.slice(0, start).split('\n').at(-1) ?? '')?.[0] ?? '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  const written = writeYamlScalar(value, { asFloat: options.floatKeys?.has(key) === true });
  return { start: text.length, end: text.length, text: `${gap}${indent}${writeYamlScalar(key)}: ${written}${newline}` };
}

function applySplices(text: string, splices: readonly Splice[]): string {
  // From the end to the start, so that earlier offsets stay true; lines added at the same place keep their order.
  const ordered = splices.toReversed().toSorted((a, b) => b.start - a.start);
  return ordered.reduce((edited, { start, end, text: put }) => edited.slice(0, start) + put + edited.slice(end), text);
}

function unreadable(file: string, error: unknown): AgentHpoError {
  const [firstLine = ''] = messageOf(error).trim().split('\n');
  const message = `${file} is not readable as YAML: ${firstLine.replace(/:$/, '')}`;
  return new AgentHpoError({
    code: 'config-invalid',
    message,
    hint: 'Correct that place; a config is one YAML document with each key once.',
    cause: error,
  });
}

function invalid(message: string, hint: string): AgentHpoError {
  return new AgentHpoError({ code: 'config-invalid', message, hint });
}
