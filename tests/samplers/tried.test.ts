import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawValid } from '../../samplers/draw.ts';
import { TriedSet } from '../../samplers/tried.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace } from '../../study/search-space.ts';
import { arbitrarySpaceSpec } from '../study/arbitrary-search-space.ts';

test('a set of tried configurations answers as comparing with each of them would', () => {
  fc.assert(
    fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
      const space = parseSearchSpace(spec);
      const random = createRandom(seed);
      const drawn = Array.from({ length: 30 }, () => drawValid(space, random) ?? space.defaults());
      const [tried, asked] = [drawn.slice(0, 15), drawn];
      const set = new TriedSet(space, tried);
      for (const values of asked) expect(set.has(values)).toBe(tried.some((each) => space.isSame(each, values)));
    }),
  );
});

test('a number that differs by less than a millionth of the range is the same trial', () => {
  const space = parseSearchSpace({ hyperparameters: { x: { type: 'float', range: [0, 1], default: 0.5 } } });
  const set = new TriedSet(space, [{ x: 0.5 }]);
  expect([set.has({ x: 0.5 + 5e-7 }), set.has({ x: 0.5 + 5e-6 })]).toEqual([true, false]);
});
