import { z } from 'zod';
import { didYouMean, nearestTo } from './nearest.ts';

/**
 * What a document breaks in its schema, one readable line a problem: where (`train.script`), what was found, what is
 * accepted, and for an unknown key the nearest known one.
 */
export function describeIssues(error: z.ZodError, schema: z.ZodType, document: unknown): string[] {
  const misspelt = misspeltKeys(error, schema);
  return error.issues
    .filter(({ path }) => !(misspelt.has(path.join('.')) && valueAt(document, path) === undefined))
    .flatMap((issue) => describeIssue(issue, schema, document));
}

/** Paths of the keys that an unknown key beside them was probably meant to be: they need not be told missing as well. */
function misspeltKeys({ issues }: z.ZodError, schema: z.ZodType): Set<string> {
  return new Set(
    issues.flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys') return [];
      const path = issue.path.map(String);
      const meant = issue.keys.flatMap((key) => nearestTo(key, knownKeys(schema, path)) ?? []);
      return meant.map((key) => [...path, key].join('.'));
    }),
  );
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, document: unknown): string[] {
  const path = issue.path.map(String);
  const at = path.length === 0 ? 'the document' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => `${[...path, key].join('.')}: unknown key (${didYouMean(key, known)})`);
  }
  const found = valueAt(document, issue.path);
  const wanted = accepted(issue, schemaAt(schema, path));
  if (found === undefined) return [`${at}: is missing; it ${wanted}`];
  if (found === null) return [`${at}: is empty; it ${wanted}`];
  return [`${at}: got ${shorten(JSON.stringify(found))}; ${wanted}`];
}

/** What a value must be, as a clause that begins with “must be”. */
function accepted(issue: z.core.$ZodIssue, schema: z.ZodType | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(issue.expected, schema);
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return tooSmall(issue, schema);
    case 'invalid_union':
      return acceptedByAny(issue, schema);
    default:
      return issue.message;
  }
}

/** `expected` is zod’s word for a type. */
function mustBe(expected: string, schema: z.ZodType | undefined): string {
  switch (expected) {
    case 'string':
      return 'must be text';
    case 'number':
    case 'int':
      return `must be ${numberWords(schema)}`;
    case 'boolean':
      return 'must be true or false';
    case 'array':
      return 'must be a list, such as [a, b]';
    case 'tuple':
      return 'must be a list of two numbers, such as [0.0001, 1.0]';
    case 'record':
    case 'object':
      return mustBeMapping(schema);
    default:
      return `must be ${expected}`;
  }
}

function mustBeMapping(schema: z.ZodType | undefined): string {
  if (schema instanceof z.ZodObject) return `must be a mapping with the keys ${Object.keys(schema.shape).join(', ')}`;
  const values = schema instanceof z.ZodRecord ? unwrap(schema.valueType as z.ZodType) : undefined;
  const keys =
    values instanceof z.ZodObject ? `, each with keys such as ${Object.keys(values.shape).slice(0, 4).join(', ')}` : '';
  return `must be a mapping of names to their values${keys}`;
}

/** `a whole number ≥ 1`, as far as the schema says. */
function numberWords(schema: z.ZodType | undefined): string {
  if (!(schema instanceof z.ZodNumber)) return 'a number';
  const { minValue, format } = schema;
  const isBounded = minValue !== null && minValue > Number.MIN_SAFE_INTEGER;
  return `a ${format?.includes('int') ? 'whole ' : ''}number${isBounded ? ` ≥ ${minValue}` : ''}`;
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall, schema: z.ZodType | undefined): string {
  if (inclusive === false) return `must be a number > ${minimum}`;
  if (schema instanceof z.ZodNumber) return `must be ${numberWords(schema)}`;
  if (origin === 'number' || origin === 'int') return `must be a number ≥ ${minimum}`;
  if (origin === 'string') return 'must not be empty';
  return `must hold at least ${minimum} ${Number(minimum) === 1 ? 'value' : 'values'}`;
}

/** An option that fits but for something inside of it is what was meant; else every option is named. */
function acceptedByAny(issue: z.core.$ZodIssueInvalidUnion, schema: z.ZodType | undefined): string {
  const options = schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [];
  const wanted = issue.errors.flatMap((inner, index) =>
    inner.map((each) => {
      const what = accepted(each, schemaAt(options[index], each.path.map(String)));
      return each.path.length === 0 ? what : `${what} (${each.path.map(String).join('.')})`;
    }),
  );
  const unique = [...new Set(wanted.map((each) => each.replace(/^must be /, '')))];
  return unique.length === 0 ? issue.message : `must be ${unique.join(', or ')}`;
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  const inner = schemaAt(schema, path);
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap((option) => knownKeys(option, []));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The schema of what stands at a path of the document; undefined where none is known. */
function schemaAt(schema: z.ZodType | undefined, [head, ...rest]: readonly string[]): z.ZodType | undefined {
  const inner = schema && unwrap(schema);
  if (head === undefined || inner === undefined) return inner;
  if (inner instanceof z.ZodObject) return schemaAt((inner.shape as Record<string, z.ZodType>)[head], rest);
  if (inner instanceof z.ZodRecord) return schemaAt(inner.valueType as z.ZodType, rest);
  if (inner instanceof z.ZodArray) return schemaAt(inner.element as z.ZodType, rest);
  if (!(inner instanceof z.ZodUnion)) return undefined;
  return (inner.options as z.ZodType[]).map((option) => schemaAt(option, [head, ...rest])).find(Boolean);
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return unwrap(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
