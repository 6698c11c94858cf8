import fc from 'fast-check';

/** A config’s values; at least one in every list and table, so that each document has something to edit. */
export type Tree = Scalar | Tree[] | { [key: string]: Tree };
export type Scalar = number | string | boolean;
export interface Table {
  [key: string]: Tree;
}

/** Chooses one of `count` ways to write something. */
export type Pick = (count: number) => number;

const KEYS = ['lr', 'model.v1', 'a b', 'é', 'x-1'];
const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', "'", '\\', '\n', '\x7f', '#', '{', '😀'), maxLength: 6 });
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());

export const scalar: fc.Arbitrary<Scalar> = fc.oneof(number, text, fc.boolean());

const { table } = fc.letrec<{ node: Tree; table: Table }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('node'), { minLength: 1, maxLength: 3 }), tie('table')),
  table: fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
}));

export { table };

export const pick: fc.Arbitrary<Pick> = fc.array(fc.nat(), { minLength: 30, maxLength: 30 }).map((styles) => {
  let next = 0;
  return (count) => (styles[next++ % styles.length] ?? 0) % count;
});

export function renderJson(config: Table, choose: Pick): string {
  const lines = JSON.stringify(config, null, [0, 2, '\t'][choose(3)]).split('\n');
  return lines.join(choose(2) === 0 ? '\n' : ' \r\n') + ['', '\n'][choose(2)];
}

/** TOML with tables as headers, dotted keys or inline, lists on one line or several, comments in between. */
export function renderToml(config: Table, choose: Pick): string {
  const lines = tableLines(config, [], choose);
  return lines.join(choose(2) === 0 ? '\n' : '\r\n') + ['', '\n'][choose(2)];
}

function tableLines(config: Table, path: readonly string[], choose: Pick): string[] {
  const values: string[] = [];
  const headers: string[] = [];
  for (const [key, node] of Object.entries(config)) {
    const name = [...path, key].map(tomlKey).join('.');
    if (isTables(node) && choose(2) === 0)
      headers.push(...node.flatMap((each) => [`[[${name}]]`, ...tableLines(each, [...path, key], choose)]));
    else if (isTable(node) && choose(2) === 0)
      headers.push(`  [${name}] # a table`, ...tableLines(node, [...path, key], choose));
    else values.push(...valueLines(node, tomlKey(key), choose));
  }
  return [...values, '', ...headers];
}

/** `key = value`, or one dotted key for each value of a table. */
function valueLines(node: Tree, name: string, choose: Pick): string[] {
  if (isTable(node) && choose(2) === 0)
    return Object.entries(node).flatMap(([key, child]) => valueLines(child, `${name} . ${tomlKey(key)}`, choose));
  return [`${name}${['=', ' = ', '\t=  '][choose(3)]}${tomlValue(node, choose)}${['', ' # why', '  '][choose(3)]}`];
}

function tomlValue(node: Tree, choose: Pick): string {
  if (isTable(node)) {
    const entries = Object.entries(node).map(([key, child]) => `${tomlKey(key)} = ${inlineValue(child, choose)}`);
    return `{${entries.join(', ')} }`;
  }
  if (!Array.isArray(node)) return tomlScalar(node, choose);
  const separator = [', ', ',\n  ', ', # next\n'][choose(3)] ?? '';
  return `[ ${node.map((item) => tomlValue(item, choose)).join(separator)}${['', ','][choose(2)]}]`;
}

/** TOML 1.0 wants an inline table on one line. */
function inlineValue(node: Tree, choose: Pick): string {
  return tomlValue(node, (count) => (count === 3 ? 0 : choose(count)));
}

function tomlScalar(value: Scalar, choose: Pick): string {
  if (typeof value === 'number') return tomlNumber(value, choose);
  if (typeof value !== 'string') return String(value);
  const isLiteral = !/['\n\x7f]/.test(value) && choose(2) === 0;
  return isLiteral ? `'${value}'` : JSON.stringify(value).replaceAll('\x7f', '\\u007f');
}

function tomlNumber(value: number, choose: Pick): string {
  if (Object.is(value, -0)) return '-0.0';
  if (!Number.isSafeInteger(value))
    return String(value)
      .replace(/^(\d+)$/, '$1.0')
      .replace(/^-(\d+)$/, '-$1.0');
  return value > 0 && choose(2) === 0 ? `0x${value.toString(16)}` : String(value);
}

function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) && !key.includes('é') ? key : JSON.stringify(key);
}

function isTable(node: Tree | undefined): node is Table {
  return typeof node === 'object' && !Array.isArray(node);
}

function isTables(node: Tree): node is Table[] {
  return Array.isArray(node) && node.every(isTable);
}
