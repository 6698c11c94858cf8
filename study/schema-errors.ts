import { z } from 'zod';
import { didYouMean } from './nearest.ts';

/**
 * What a document breaks in its schema, one readable line a problem: where (`train.script`), what was found, what is
 * accepted, and for an unknown key the nearest known one.
 */
export function describeIssues(error: z.ZodError, schema: z.ZodType, document: unknown): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, schema, document));
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, document: unknown): string[] {
  const path = issue.path.map(String);
  const at = path.length === 0 ? 'the document' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => `${[...path, key].join('.')}: unknown key (${didYouMean(key, known)})`);
  }
  const found = valueAt(document, issue.path);
  if (found === undefined) return [`${at}: is missing; ${accepted(issue)}`];
  return [`${at}: got ${shorten(JSON.stringify(found))}; ${accepted(issue)}`];
}

function accepted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `expected ${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : `a ${issue.origin} of size`} ≥ ${issue.minimum}`;
    case 'invalid_union': {
      const inner = issue.errors.flat().map(accepted);
      return [...new Set(inner)].join(', or ') || issue.message;
    }
    default:
      return issue.message;
  }
}

function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap((option) => knownKeys(option, path));
  const [head, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<string, z.ZodType>;
    if (head === undefined) return Object.keys(shape);
    const next = shape[head];
    return next === undefined ? [] : knownKeys(next, rest);
  }
  if (inner instanceof z.ZodRecord && head !== undefined) return knownKeys(inner.valueType as z.ZodType, rest);
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  return schema;
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
