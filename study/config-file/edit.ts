import type { HyperparameterValue } from '../hyperparameter.ts';
import { didYouMean } from '../nearest.ts';
import type { ConfigChanges, ConfigDocument, ConfigFormat, ConfigNode, EditOptions } from './format.ts';
import { configInvalid } from './invalid.ts';

/** New text in the place of `[start, end)`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Columns between a value and its comment. */
const LONGEST_GAP = 200;

export interface Edit {
  readonly format: ConfigFormat;
  readonly document: ConfigDocument;
  readonly text: string;
  readonly file: string;
}

/**
 * The text with the values of these keys replaced in place: printing the document anew would reflow it. Throws
 * `config-invalid` for a key that does not exist, holds no single value, is shared, or whose value cannot be said.
 */
export function replaceValues(edit: Edit, changes: ConfigChanges, options: EditOptions): string {
  const splices = Object.entries(changes).map(([key, value]) => planSplice(edit, key, value, options));
  // From the end to the start, so that earlier offsets stay true.
  const ordered = splices.toSorted((a, b) => b.start - a.start);
  return ordered.reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), edit.text);
}

function planSplice(edit: Edit, key: string, value: HyperparameterValue, { floatKeys }: EditOptions): Splice {
  const { format, text, file } = edit;
  const [start, end] = spanOf(edit, key);
  const asFloat = floatKeys?.has(key) === true || isWrittenAsFloat(text.slice(start, end));
  const written = format.write({ value, text, start, end, asFloat });
  if (written !== undefined) return withCommentInPlace(text, { start, end, text: written });
  throw configInvalid(
    `${file}: "${key}" cannot be set to ${value}, since ${format.name} has no ${value}`,
    `In task.yaml, use a value in its place that ${format.name} has and the script understands, such as "none" or 0.`,
  );
}

/** A comment behind the value stays in its column as long as there is room before it. */
function withCommentInPlace(text: string, splice: Splice): Splice {
  const gap = /^( {2,})(?:#|\/\/)/.exec(text.slice(splice.end, splice.end + LONGEST_GAP))?.[1];
  if (gap === undefined) return splice;
  const grown = splice.text.length - (splice.end - splice.start);
  return { ...splice, end: splice.end + gap.length, text: splice.text + ' '.repeat(Math.max(2, gap.length - grown)) };
}

function isWrittenAsFloat(source: string): boolean {
  return /^[-+]?[\d.]/.test(source) && /[.eE]/.test(source) && !/^[-+]?0x/i.test(source);
}

function spanOf({ document, file }: Edit, key: string): readonly [number, number] {
  const search = find(document.root, key);
  if (search.kind === 'shared')
    throw configInvalid(
      `${file}: "${key}" comes from ${search.by}, and a change there would change every place that uses it`,
      `Write "${key}" out in its own place instead of sharing it.`,
    );
  if (search.kind === 'missing')
    throw configInvalid(
      `${file} has no key "${key}" (${didYouMean(key, search.known)})`,
      `Add "${key}" to ${file} with its usual value, or name the right key in task.yaml.`,
    );
  return search.node.span ?? noSingleValue(file, key, search.node);
}

function noSingleValue(file: string, key: string, node: ConfigNode): never {
  const [inner] = node.children.keys();
  const hint = inner === undefined ? `Give "${key}" a plain value.` : `Name one of its items: "${key}.${inner}".`;
  throw configInvalid(`${file}: "${key}" does not hold a single value`, hint);
}

type Search =
  | { readonly kind: 'found'; readonly node: ConfigNode }
  | { readonly kind: 'shared'; readonly by: string }
  | { readonly kind: 'missing'; readonly known: readonly string[] };

/** The node at a dotted key. `known` are the keys there are where the search ended, as full dotted keys. */
function find(node: ConfigNode, key: string, prefix = ''): Search {
  const exact = node.children.get(key);
  if (exact !== undefined) return { kind: 'found', node: exact };
  const below = [...node.children]
    .filter(([name]) => key.startsWith(`${name}.`))
    .map(([name, child]) => find(child, key.slice(name.length + 1), `${prefix}${name}.`));
  const reached = below.find(({ kind }) => kind !== 'missing');
  if (reached !== undefined) return reached;
  if (node.inherits !== undefined) return { kind: 'shared', by: node.inherits };
  return below[0] ?? { kind: 'missing', known: [...node.children.keys()].map((name) => prefix + name) };
}
