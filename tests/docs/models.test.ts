import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROVIDERS } from '../../agents/models/providers.ts';
import { MODEL_QUIRKS } from '../../study/model-quirk.ts';

const text = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| '));

test.each(PROVIDERS.map((each) => [each.name, each] as const))('docs/models.md has %s as it is', (name, provider) => {
  const row = rows.find((each) => each.startsWith(`| ${provider.title} | \`${name}:`)) ?? '';
  for (const variable of provider.keyVariables) expect(row).toContain(`\`${variable}\``);
  if (provider.package === undefined) expect(row).toContain(provider.baseUrl ?? provider.baseUrlVariable);
  else expect(text).toContain(`npm install --global "${provider.package.name}@${provider.package.range}"`);
});

test('docs/models.md has every quirk, in the words of the program', () => {
  for (const [quirk, words] of Object.entries(MODEL_QUIRKS)) expect(rows).toContain(`| \`${quirk}\` | ${words} |`);
});

/** Each test file that docs/models.md names, with the titles that stand behind it. */
const NAMED_TESTS = [...text.matchAll(/`(tests\/[\w/.-]+\.test\.ts)`(?:: (“[^|]*?”(?=;| \|)))?/g)].map(
  ([, file = '', titles = '']) => [file, [...titles.matchAll(/“([^”]*)”/g)].map(([, title = '']) => title)] as const,
);

test.each(NAMED_TESTS)('%s, which docs/models.md names, has the tests %j', (file, titles) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const written = [...source.matchAll(/\(\s*(['`])([^\n]*?)\1,/g)].map(([, , title]) => title);
  for (const title of titles) expect(written.filter((each) => each?.includes(title))).not.toEqual([]);
});

test('no title in the matrix goes unchecked', () => {
  const [, matrix = ''] = text.split('| Provider | Test |');
  const titles = [...matrix.matchAll(/“([^”]*)”/g)].map(([, title]) => title);
  expect(NAMED_TESTS.flatMap(([, named]) => named)).toEqual(titles);
  expect(titles.length).toBeGreaterThan(50);
});

test('docs/models.md names a test for each provider', () => {
  const [, matrix = ''] = text.split('| Provider | Test |');
  for (const { title } of PROVIDERS) expect(matrix).toContain(title.replace('Azure OpenAI', 'Azure'));
});
