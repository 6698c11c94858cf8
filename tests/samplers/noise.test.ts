import { describe, expect, test } from 'vitest';
import { estimateNoise } from '../../samplers/noise.ts';
import { predictOutcomes } from '../../samplers/predict-outcomes.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace } from '../../study/search-space.ts';

const space = parseSearchSpace({
  hyperparameters: {
    x: { type: 'float', range: [0, 1], default: 0.5 },
    y: { type: 'float', range: [0, 1], default: 0.5 },
  },
});

/** A bowl at `count` points, each value off by a normal with standard deviation `noise`. */
function bowl(count: number, noise: number) {
  const random = createRandom(1, 'points');
  return Array.from({ length: count }, () => {
    const [x, y] = [random.uniform(), random.uniform()];
    return { hyperparameters: { x, y }, loss: 1 + (x - 0.3) ** 2 + (y - 0.6) ** 2 + noise * random.normal() };
  });
}

describe('the noise of a study', () => {
  test('repeats give it exactly, pooled over the configurations', () => {
    const losses = [
      [0, 1, 3],
      [5, 5.4],
    ];
    const observations = losses.flatMap((group, x) => group.map((loss) => ({ hyperparameters: { x, y: 0 }, loss })));
    const single = { hyperparameters: { x: 0.5, y: 0.5 }, loss: 100 };
    const noise = estimateNoise(space, [...observations, single, { ...single, loss: null }]);
    const squares = (0 - 4 / 3) ** 2 + (1 - 4 / 3) ** 2 + (3 - 4 / 3) ** 2 + 2 * 0.2 ** 2;
    expect(noise).toMatchObject({ from: 'repeats', values: 5 });
    expect(noise?.deviation).toBeCloseTo(Math.sqrt(squares / 3), 12);
  });

  test('without repeats it is inferred from near neighbours, within a factor of two', () => {
    for (const truth of [0.03, 0.1]) {
      const noise = estimateNoise(space, bowl(40, truth));
      expect(noise).toMatchObject({ from: 'model', values: 40 });
      expect(noise?.deviation).toBeGreaterThan(truth / 2);
      expect(noise?.deviation).toBeLessThan(truth * 2);
    }
  });

  test('a smooth function has next to none', () => {
    expect(estimateNoise(space, bowl(40, 0))?.deviation).toBeLessThan(0.005);
  });

  test('few values without repeats say nothing', () => {
    expect(estimateNoise(space, bowl(9, 0.1))).toBeUndefined();
    expect(estimateNoise(space, [])).toBeUndefined();
  });

  test('where it was measured, a model takes differences below it for chance', () => {
    const observations = bowl(8, 0.1);
    const at = observations[0];
    const gapOf = (noise: number) => {
      const [predicted] =
        predictOutcomes({ space, observations, pending: [], noise }, [at?.hyperparameters ?? {}]) ?? [];
      return Math.abs((predicted?.loss ?? Number.NaN) - (at?.loss ?? Number.NaN));
    };
    expect(gapOf(0.3)).toBeGreaterThan(2 * gapOf(0.001));
  });
});
