import { expect, test } from 'vitest';
import { CREATOR_VARIANTS } from '../../configs/variants.ts';
import { readDocument } from './document.ts';

const document = readDocument('docs/prompts.md');

test.each(Object.entries(CREATOR_VARIANTS))(
  'creator:%s stands in docs/prompts.md with its flags',
  (name, { settings }) => {
    const flags = Object.entries(settings).map(([setting, value]) => {
      const flag = `--${setting.replaceAll('_', '-')}`;
      return value === true ? flag : `${flag} ${value}`;
    });
    expect(document).toContain(`| \`creator:${name}\` | \`${flags.join(' ')}\` |`);
    expect(document).toMatch(new RegExp(`^agenthpo bench .*\\bcreator:${name}\\b`, 'm'));
  },
);

test('docs/prompts.md names no variant that is not there', () => {
  const named = [...document.matchAll(/\bcreator:([a-z-]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(Object.keys(CREATOR_VARIANTS)).toContain(name);
});
