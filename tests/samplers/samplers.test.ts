import { describe } from 'vitest';
import { SAMPLERS } from '../../samplers/registry.ts';
import { describesASampler } from './sampler-contract.ts';

for (const sampler of Object.values(SAMPLERS))
  describe(`the ${sampler.name} sampler`, () => describesASampler(sampler));
