import { gaussianProcessSampler } from './gaussian-process.ts';
import { gridSampler } from './grid.ts';
import { randomSampler } from './random.ts';
import type { Sampler } from './sampler.ts';
import { tpeSampler } from './tpe.ts';

/** Every sampler by its name; a new one is one line here. */
export const SAMPLERS: Readonly<Record<Sampler['name'], Sampler>> = {
  random: randomSampler,
  grid: gridSampler,
  tpe: tpeSampler,
  gp: gaussianProcessSampler,
};
