import { expect, test } from 'vitest';
import { gaussianProcessSampler } from '../../samplers/gaussian-process.ts';
import type { Observation } from '../../samplers/sampler.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpace } from '../../study/search-space.ts';

const square = parseSearchSpace({
  hyperparameters: {
    x: { type: 'float', range: [0, 1], default: 0.2 },
    y: { type: 'float', range: [0, 1], default: 0.7 },
  },
});

type Loss = (values: Hyperparameters) => number | null;

/** A study that starts with the defaults. */
function study(space: SearchSpace, loss: Loss, trials: number, seed: number): Observation[] {
  const observations = [{ hyperparameters: space.defaults(), loss: loss(space.defaults()) }];
  for (let trial = 2; trial <= trials; trial++) {
    const random = createRandom(seed, trial);
    const request = { space, observations, pending: [], count: 1, seed, random };
    for (const { hyperparameters } of gaussianProcessSampler.suggest(request))
      observations.push({ hyperparameters, loss: loss(hyperparameters) });
  }
  return observations;
}

const seeds = [1, 2, 3, 4];
const lowest = (observations: readonly Observation[]) =>
  Math.min(...observations.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY));

test('the second trial stands far from the first and off the ends of the ranges', () => {
  for (const seed of seeds) {
    const [first, second] = study(square, () => 1, 2, seed).map(({ hyperparameters: { x, y } }) => [
      Number(x),
      Number(y),
    ]);
    const [[x0 = 0, y0 = 0], [x = 0, y = 0]] = [first ?? [], second ?? []];
    expect(Math.hypot(x - x0, y - y0)).toBeGreaterThan(0.3);
    expect(Math.min(x, y, 1 - x, 1 - y)).toBeGreaterThan(0.05);
  }
});

test('it closes in on the bottom of a smooth bowl, to a thousandth of the range', () => {
  for (const seed of seeds) {
    const bottom = 0.3 + 0.1 * seed;
    const bowl: Loss = ({ x, y }) => (Number(x) - bottom) ** 2 + 2 * (Number(y) - 0.41) ** 2;
    expect(lowest(study(square, bowl, 20, seed))).toBeLessThan(1e-5);
  }
});

test('where most of the space fails it finds its way from the only value there is', () => {
  const space = parseSearchSpace({
    hyperparameters: {
      rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 2e-5 },
      share: { type: 'float', range: [0, 1], default: 0.5 },
    },
  });
  const loss: Loss = ({ rate, share }) => {
    const position = Math.log10(Number(rate)) + 5; // 0 … 5; beyond 1.5 every training diverges
    return position > 1.5 ? null : (position - 1.2) ** 2 + (Number(share) - 0.3) ** 2;
  };
  for (const seed of seeds) expect(lowest(study(space, loss, 15, seed))).toBeLessThan(0.1); // the default: 0.85
});
