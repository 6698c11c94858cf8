import { isAlias, isScalar, parseDocument, visit } from 'yaml';
import { DEEPEST_ARGUMENTS, isNestedBeyond } from '../nesting.ts';

/** What a text says as a tool’s arguments: an object, or why it is none. */
export type ParsedArguments =
  | { readonly kind: 'object'; readonly value: Record<string, unknown> }
  | { readonly kind: 'broken'; readonly text: string; readonly reason: string };

/** Characters of what is not JSON: how long the other reader takes grows with the square of a broken text. */
const LOOSEST = 20_000;

/**
 * The first object in a model’s text: JSON, or what models write instead of it (single quotes, Python’s True and None,
 * trailing commas). What follows the object is not read. No object at all is an empty one where the text says
 * nothing else.
 */
export function parseArguments(text: string): ParsedArguments {
  const start = text.indexOf('{');
  if (start === -1) return withoutObject(text);
  const object = balanced(text, start);
  if (object === undefined) return broken(text.slice(start), 'it ends before its last brace');
  if (isNestedBeyond(DEEPEST_ARGUMENTS, object)) return broken(object, 'it is nested too deeply');
  const value = parseJson(object) ?? parseLoosely(object);
  return value === undefined ? broken(object, 'it is not JSON') : { kind: 'object', value };
}

function withoutObject(text: string): ParsedArguments {
  const said = text.replaceAll(/[`*\s]|^json$/gim, '');
  const isNothing = said === '' || /^(none|null|\(\)|n\/a|""|'')\.?$/i.test(said);
  return isNothing ? { kind: 'object', value: {} } : broken(text.trim(), 'there is no { in it');
}

function broken(text: string, reason: string): ParsedArguments {
  return { kind: 'broken', text, reason };
}

/** The text from the brace at `start` to the one that closes it; undefined when none does. Braces in quotes do not count. */
function balanced(text: string, start: number): string | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== undefined) {
      if (character === '\\') index += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || opensQuote(text, index)) quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return text.slice(start, index + 1);
  }
  return undefined;
}

/** A single quote begins a text only where one may begin; elsewhere it is an apostrophe. */
function opensQuote(text: string, index: number): boolean {
  return text.charAt(index) === "'" && /[{[,:(]\s*$/.test(text.slice(Math.max(0, index - 20), index));
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** YAML’s flow style is JSON with the liberties that models take; its anchors, by which a value may hold itself, are none. */
function parseLoosely(text: string): Record<string, unknown> | undefined {
  if (text.length > LOOSEST) return undefined;
  const document = parseDocument(text.replaceAll('\t', ' '), { logLevel: 'silent', uniqueKeys: false });
  if (document.errors.length > 0) return undefined;
  let hasAlias = false;
  visit(document, (_, node) => {
    if (isScalar(node) && node.type === 'PLAIN' && node.value === 'None') node.value = null;
    hasAlias ||= isAlias(node);
  });
  return hasAlias ? undefined : asObject(document.toJS());
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
