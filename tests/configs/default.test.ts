import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatDefaults } from '../../configs/format-defaults.ts';
import { settingsSchema } from '../../configs/schema.ts';

test('configs/default.yaml is what the schema says (npm run docs)', () => {
  expect(readFileSync(new URL('../../configs/default.yaml', import.meta.url), 'utf8')).toBe(formatDefaults());
});

test('the defaults, copied whole into agenthpo.yaml, change nothing', () => {
  expect(settingsSchema.parse(parse(formatDefaults()))).toEqual(settingsSchema.parse({}));
});
