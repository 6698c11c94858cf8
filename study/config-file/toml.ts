import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { ConfigFormat, ConfigNode, Replacement } from './format.ts';
import { configUnreadable } from './invalid.ts';
import { writeNumber } from './number-text.ts';

/** TOML 1.0, which Python’s tomllib reads. Whole numbers and floats stay what they are: `1.0` never becomes `1`. */
export const tomlFormat: ConfigFormat = {
  name: 'TOML',
  read(text, file) {
    const program = parseToml(text, file);
    return { values: getStaticTOMLValue(program), root: toRoot(program.body[0]) };
  },
  write: writeToml,
};

function parseToml(text: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw configUnreadable(file, 'TOML', `${error.message} at line ${lineOf(error, text)}`, error);
  }
}

/** A value that is missing is reported where the next line begins; it is missing on the line before. */
function lineOf({ message, index, lineNumber }: ParseError, text: string): number {
  return message.startsWith('Unspecified') ? text.slice(0, index).trimEnd().split('\n').length : lineNumber;
}

/** A node under construction: TOML tables grow by dotted keys and headers, in any order. */
interface Growing extends ConfigNode {
  readonly children: Map<string, Growing>;
}

function toRoot({ body }: AST.TOMLTopLevelTable): ConfigNode {
  const root: Growing = { children: new Map() };
  for (const item of body) {
    if (item.type === 'TOMLKeyValue') putKeyValue(root, item);
    else {
      const table = reach(root, item.resolvedKey.map(String)); // of an array of tables: with its index
      for (const keyValue of item.body) putKeyValue(table, keyValue);
    }
  }
  return root;
}

function putKeyValue(table: Growing, { key, value }: AST.TOMLKeyValue): void {
  const names = key.keys.map((each) => (each.type === 'TOMLBare' ? each.name : each.value));
  reach(table, names.slice(0, -1)).children.set(names.at(-1) ?? '', toNode(value));
}

/** The table at a path, made on the way where it is new. */
function reach(table: Growing, path: readonly string[]): Growing {
  return path.reduce((parent, name) => {
    const child = parent.children.get(name) ?? { children: new Map() };
    parent.children.set(name, child);
    return child;
  }, table);
}

function toNode(node: AST.TOMLContentNode): Growing {
  if (node.type === 'TOMLValue') return { span: node.range, children: new Map() };
  const growing: Growing = { children: new Map() };
  if (node.type === 'TOMLInlineTable') for (const keyValue of node.body) putKeyValue(growing, keyValue);
  else for (const [index, item] of node.elements.entries()) growing.children.set(String(index), toNode(item));
  return growing;
}

function writeToml({ value, text, start, asFloat }: Replacement): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return writeNumber(value, asFloat);
  if (typeof value === 'boolean') return String(value);
  return writeString(value, text[start] === "'");
}

/** In single quotes where the old text was and the new one needs no escape; else escaped as in JSON, and DEL besides. */
function writeString(text: string, inSingleQuotes: boolean): string {
  if (inSingleQuotes && !/['\x00-\x1f\x7f]/.test(text)) return `'${text}'`;
  return JSON.stringify(text).replaceAll('\x7f', '\\u007F');
}
