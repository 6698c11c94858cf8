import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SAMPLERS } from '../../samplers/registry.ts';
import { describesASampler } from './sampler-contract.ts';

const concepts = readFileSync(new URL('../../docs/concepts.md', import.meta.url), 'utf8');

for (const [name, load] of Object.entries(SAMPLERS)) {
  const sampler = await load();
  describe(`the ${name} sampler`, () => {
    test('calls itself as the registry does', () => expect(sampler.name).toBe(name));
    test('has its row in docs/concepts.md', () => expect(concepts).toContain(`\n| \`${name}\` | `));
    describesASampler(sampler);
  });
}
