import { describe, expect, test } from 'vitest';
import { SAMPLERS } from '../../samplers/registry.ts';
import { describesASampler } from './sampler-contract.ts';

for (const [name, load] of Object.entries(SAMPLERS)) {
  const sampler = await load();
  describe(`the ${name} sampler`, () => {
    test('calls itself as the registry does', () => expect(sampler.name).toBe(name));
    describesASampler(sampler);
  });
}
