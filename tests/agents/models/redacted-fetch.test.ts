import { expect, test } from 'vitest';
import { withRedactedBody } from '../../../agents/models/redacted-fetch.ts';
import { createRedactor } from '../../../study/redact.ts';

const SECRET = 'correct-horse-battery';
const redact = createRedactor([{ name: 'MY_SECRET', value: SECRET }]);
const sent = (body: object): unknown =>
  JSON.parse(String(withRedactedBody({ body: JSON.stringify(body) }, redact)?.body));

test('a hyperparameter may be called as a word of the protocol is: its choices are redacted all the same', () => {
  const schemas = Object.fromEntries(
    ['model', 'type', 'name', 'id', 'role'].map((name) => [name, { enum: ['plain', SECRET] }]),
  );
  const parameters = { type: 'object', properties: { hyperparameters: { type: 'object', properties: schemas } } };
  const body = { model: 'gpt', tools: [{ type: 'function', function: { name: 'ProposeTrial', parameters } }] };
  const result = JSON.stringify(sent(body));
  expect(result).not.toContain(SECRET);
  expect(result).toContain('"model":{"enum":["plain","[redacted: MY_SECRET]"]}');
});

test('what ties a result to its call stays, even when it looks like a secret; so does the name of the model', () => {
  const call = { id: SECRET, type: 'function', function: { name: SECRET, arguments: JSON.stringify({ x: SECRET }) } };
  const body = {
    model: SECRET,
    messages: [
      { role: 'assistant', content: SECRET, tool_calls: [call] },
      { role: 'tool', tool_call_id: SECRET, content: SECRET },
    ],
  };
  const redacted = '[redacted: MY_SECRET]';
  expect(sent(body)).toEqual({
    model: SECRET,
    messages: [
      {
        role: 'assistant',
        content: redacted,
        tool_calls: [{ ...call, function: { name: SECRET, arguments: JSON.stringify({ x: redacted }) } }],
      },
      { role: 'tool', tool_call_id: SECRET, content: redacted },
    ],
  });
});
