import { isObject } from './request-places.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What Google’s `Schema` has; of anything else it refuses the whole request ("Unknown name … Cannot find field"). */
const KNOWN = new Set(
  'type format title description nullable enum items minItems maxItems properties required propertyOrdering minProperties maxProperties minimum maximum minLength maxLength pattern anyOf default example'.split(
    ' ',
  ),
);

/** A body whose tools are described in the part of JSON schema that Google knows; the tools check what was left out. */
export function withGoogleSchemas(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body['tools'])) return body;
  return { ...body, tools: body['tools'].map((each) => changed(each, 'functionDeclarations', allDeclared)) };
}

function allDeclared(declarations: unknown): unknown {
  return Array.isArray(declarations) ? declarations.map((each) => changed(each, 'parameters', toGoogle)) : declarations;
}

function toGoogle(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { const: only, exclusiveMinimum, exclusiveMaximum, oneOf, type, ...rest } = schema;
  const said: Schema = {
    ...rest,
    ...typed(type),
    ...(typeof only === 'string' && { enum: [only] }),
    ...(exclusiveMinimum !== undefined && { minimum: exclusiveMinimum }),
    ...(exclusiveMaximum !== undefined && { maximum: exclusiveMaximum }),
    ...(oneOf !== undefined && { anyOf: oneOf }),
  };
  const known = Object.fromEntries(Object.entries(said).filter(([keyword]) => KNOWN.has(keyword)));
  return changed(changed(changed(known, 'anyOf', each), 'items', toGoogle), 'properties', allProperties);
}

/** Google knows one type, or several as alternatives, and says of itself whether nothing will do. */
function typed(type: unknown): Schema {
  if (!Array.isArray(type)) return type === undefined ? {} : { type };
  const [first, ...others] = type.filter((name) => name !== 'null');
  const nullable = type.includes('null') ? { nullable: true } : {};
  if (others.length === 0) return { type: first ?? 'string', ...nullable };
  return { anyOf: [first, ...others].map((name) => ({ type: name })), ...nullable };
}

function each(schemas: unknown): unknown {
  return Array.isArray(schemas) ? schemas.map(toGoogle) : schemas;
}

function allProperties(properties: unknown): unknown {
  if (!isObject(properties)) return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, toGoogle(schema)]));
}

/** The object with one value changed, where it has it. */
function changed(of: unknown, key: string, change: (value: unknown) => unknown): unknown {
  return isObject(of) && key in of ? { ...of, [key]: change(of[key]) } : of;
}
