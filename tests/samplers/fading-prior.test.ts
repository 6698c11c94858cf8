import { describe, expect, test } from 'vitest';
import { edgeCaution, fadingCaution, fadingPrior, trustIn } from '../../samplers/fading-prior.ts';
import { parseSearchSpace } from '../../study/search-space.ts';

const space = parseSearchSpace({
  hyperparameters: {
    x: { type: 'float', range: [0, 10], default: 5 },
    kind: { type: 'categorical', choices: ['a', 'b', 'c'], default: 'a' },
  },
});
const at = (x: number, loss: number | null) => ({ hyperparameters: { x, kind: 'a' }, loss });

/** Prefers large values. */
const large = (values: Readonly<Record<string, unknown>>) => Number(values['x']) / 10 - 1;

describe('trust in knowledge', () => {
  test('is whole before any trials and while they agree', () => {
    expect(trustIn(large, [])).toBe(1);
    expect(trustIn(large, [at(1, 3), at(5, 2), at(9, 1)])).toBe(1);
  });

  test('is gone once the trials contradict it as often as they agree', () => {
    expect(trustIn(large, [at(1, 1), at(5, 2), at(9, 3)])).toBeLessThan(0.2);
    expect(
      trustIn(
        large,
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((x) => at(x, x)),
      ),
    ).toBe(0);
  });

  test('suffers from a failure where it pointed, as from a bad value', () => {
    expect(trustIn(large, [at(1, 1), at(9, null)])).toBeLessThan(trustIn(large, [at(9, 1), at(1, null)]));
  });
});

test('a prior fades with every trial', () => {
  const values = { x: 0, kind: 'a' };
  const weights = [1, 2, 10].map((count) =>
    fadingPrior(
      large,
      Array.from({ length: count }, () => at(5, 1)),
      1,
    )(values),
  );
  expect(weights).toEqual([-1, -0.5, -0.1]);
});

describe('caution at the ends of ranges', () => {
  test('prefers the middle of a range and no choice over another', () => {
    const caution = edgeCaution(space);
    expect(caution({ x: 5, kind: 'a' })).toBeCloseTo(0, 12);
    expect(caution({ x: 0, kind: 'a' })).toBe(caution({ x: 10, kind: 'a' }));
    expect(caution({ x: 0, kind: 'a' })).toBeLessThan(caution({ x: 2, kind: 'a' }));
    expect(new Set(['a', 'b', 'c'].map((kind) => caution({ x: 3, kind }))).size).toBe(1);
  });

  test('keeps a share of its say where the best value is at an end', () => {
    const caution = fadingCaution(space, [at(0, 1), at(5, 2)]);
    expect(caution({ x: 0, kind: 'a' })).toBeLessThan(0);
    expect(caution({ x: 0, kind: 'a' })).toBeGreaterThan(edgeCaution(space)({ x: 0, kind: 'a' }) / 2);
  });
});
