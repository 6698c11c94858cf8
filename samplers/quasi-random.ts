import { createRandom } from '../study/random.ts';
import { drawWith, valueAtShare } from './draw.ts';
import { untriedPoints } from './finite.ts';
import { ScrambledHalton } from './halton.ts';
import { suggestion, suggestOneByOne } from './one-by-one.ts';
import type { Sampler, SamplerRequest, Suggestion } from './sampler.ts';
import type { TriedSet } from './tried.ts';

/** Points of the sequence looked at for one request, before what is left of a finite space is listed. */
const MOST_POINTS = 10_000;

/**
 * Quasi-random search: the points of one scrambled Halton sequence in order, so that any number of trials covers the
 * space evenly. The sequence belongs to the study’s seed: a point that breaks a constraint or was tried is passed over,
 * and the ones after it stay what they were. Every parameter has a dimension, active or not; values that can be
 * counted have equal shares of it.
 */
export const quasiRandomSampler: Sampler = {
  name: 'quasi-random',
  suggest: (request) => {
    const points = configurations(request);
    return suggestOneByOne(request, (tried) => nextNew(points, tried) ?? firstLeft(request, tried));
  },
};

function nextNew(points: Iterator<Suggestion | undefined>, tried: TriedSet): Suggestion | undefined {
  for (let next = points.next(); next.done !== true; next = points.next())
    if (next.value !== undefined && !tried.has(next.value.hyperparameters)) return next.value;
  return undefined;
}

/** The sequence as configurations; undefined where a point breaks a constraint. */
function* configurations({ space, seed }: SamplerRequest): Generator<Suggestion | undefined> {
  const scramble = createRandom(seed, 'quasi-random').int(0, 2 ** 31 - 1);
  const sequence = new ScrambledHalton(scramble, space.parameters.length);
  for (let index = 0; index < MOST_POINTS; index++) {
    const point = sequence.point(index);
    const shares = new Map(space.parameters.map(({ name }, dimension) => [name, point[dimension] ?? 0]));
    const values = drawWith(space, (parameter) => valueAtShare(parameter, shares.get(parameter.name) ?? 0));
    yield suggestion(values, `point ${index + 1} of an evenly spread sequence, whatever came before`);
  }
}

function firstLeft({ space }: SamplerRequest, tried: TriedSet): Suggestion | undefined {
  return suggestion(untriedPoints(space, tried)?.[0], 'one of the last that were left, in order');
}
