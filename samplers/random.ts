import { drawNew } from './draw.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import type { Sampler } from './sampler.ts';

/** Uniform search: every parameter on its own scale, independent of what came before (Bergstra and Bengio 2012). */
export const randomSampler: Sampler = {
  name: 'random',
  suggest: (request) =>
    suggestOneByOne(request, (tried) =>
      suggestion(drawNew(request.space, request.random, tried), 'drawn at random, whatever came before'),
    ),
};
