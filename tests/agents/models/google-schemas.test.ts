import { expect, test } from 'vitest';
import { withGoogleSchemas } from '../../../agents/models/google-schemas.ts';

/** A tool’s parameter as Google gets it. */
function told(schema: object): unknown {
  const parameters = { type: 'object', properties: { x: schema } };
  const body = { contents: [], tools: [{ functionDeclarations: [{ name: 'Look', parameters }] }] };
  const sent = withGoogleSchemas(body);
  expect(sent).toMatchObject({ contents: [], tools: [{ functionDeclarations: [{ name: 'Look' }] }] });
  return Reflect.get(Object(sent), 'tools')[0].functionDeclarations[0].parameters.properties.x;
}

test.each([
  [
    { type: 'integer', exclusiveMinimum: 0, maximum: 9, description: 'How many.' },
    { type: 'integer', minimum: 0, maximum: 9, description: 'How many.' },
  ],
  [
    { type: 'string', const: 'default' },
    { type: 'string', enum: ['default'] },
  ],
  [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
  [{ type: ['string', 'number'] }, { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  [
    { oneOf: [{ type: 'integer', exclusiveMaximum: 5 }, { type: 'string' }] },
    { anyOf: [{ type: 'integer', maximum: 5 }, { type: 'string' }] },
  ],
  [{ type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} }, { type: 'object' }],
  [
    { type: 'array', items: { type: 'object', properties: { const: { type: 'number', multipleOf: 2 } } } },
    { type: 'array', items: { type: 'object', properties: { const: { type: 'number' } } } },
  ],
])('%j is told in words that Google knows', (schema, known) => {
  expect(told(schema)).toEqual(known);
});

test('a body without tools stays as it is', () => {
  expect(withGoogleSchemas({ contents: [] })).toEqual({ contents: [] });
});
