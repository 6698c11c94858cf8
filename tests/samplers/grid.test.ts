import { expect, test } from 'vitest';
import { gridSampler } from '../../samplers/grid.ts';
import type { Observation } from '../../samplers/sampler.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpaceSpec } from '../../study/search-space.ts';

const plane: SearchSpaceSpec['hyperparameters'] = {
  x: { type: 'float', range: [0, 1], default: 0.5 },
  y: { type: 'float', range: [0, 1], default: 0.5 },
};

/** The grid’s first points with what each was said to be. */
function search(
  hyperparameters: SearchSpaceSpec['hyperparameters'],
  trials: number,
  loss: (values: Hyperparameters) => number | null,
): { values: Hyperparameters; how: string }[] {
  const space = parseSearchSpace({ hyperparameters });
  const observations: Observation[] = [];
  const points: { values: Hyperparameters; how: string }[] = [];
  for (let trial = 1; trial <= trials; trial++) {
    const request = { space, observations, pending: [], count: 1, seed: 1, random: createRandom(1, trial) };
    for (const { hyperparameters: values, how } of gridSampler.suggest(request)) {
      observations.push({ hyperparameters: values, loss: loss(values) });
      points.push({ values, how });
    }
  }
  return points;
}

const distanceTo = (a: number, b: number) => (values: Hyperparameters) =>
  (Number(values['x']) - a) ** 2 + (Number(values['y']) - b) ** 2;

test('begins with the ends and the middle of every range', () => {
  const coarse = search(plane, 9, distanceTo(0.2, 0.2)).map(({ values }) => `${values['x']} ${values['y']}`);
  expect(coarse.toSorted()).toEqual(['0 0', '0 0.5', '0 1', '0.5 0', '0.5 0.5', '0.5 1', '1 0', '1 0.5', '1 1']);
});

test('the first points do not leave a parameter at its first value', () => {
  const early = search(plane, 4, distanceTo(0.2, 0.2));
  for (const name of ['x', 'y']) expect(new Set(early.map(({ values }) => values[name])).size).toBeGreaterThan(1);
});

test('then looks around the best point, one parameter at a time before two', () => {
  const fine = search(plane, 13, distanceTo(0.5, 0.5)).slice(9);
  expect(fine.map(({ values }) => [values['x'], values['y']])).toEqual([
    [0.5, 0.25],
    [0.5, 0.75],
    [0.25, 0.5],
    [0.75, 0.5],
  ]);
  expect(fine[0]?.how).toBe('the next point around the best so far, 1/4 of every range apart');
});

test('follows the best point to the bottom of a bowl', () => {
  const losses = search(plane, 60, distanceTo(0.31, 0.77)).map(({ values }) => distanceTo(0.31, 0.77)(values));
  // The coarse grid ends 0.11² away; 60 points of one evenly fine grid (8 × 8) would come within 0.05² on average.
  expect(Math.min(...losses)).toBeLessThan(0.02 ** 2);
});

test('a list keeps the choice of the best point, and what that does not have stays out', () => {
  const points = search(
    {
      kind: { type: 'categorical', choices: ['plain', 'deep'], default: 'plain' },
      x: { type: 'float', range: [0, 1], default: 0.5 },
      depth: { type: 'int', range: [1, 9], default: 1, when: { kind: 'deep' } },
    },
    17,
    (values) => (values['kind'] === 'plain' ? 0 : 1) + Number(values['x']),
  );
  expect(points.slice(0, 12).filter(({ values }) => values['kind'] === 'deep')).toHaveLength(9);
  expect(points.slice(12).map(({ values }) => values)).toEqual(
    [0.25, 0.125, 0.0625, 0.03125, 0.015625].map((x) => ({ kind: 'plain', x })),
  );
});

test('goes on with a grid twice as fine where every trial failed', () => {
  const points = search(plane, 25, () => null);
  expect(new Set(points.map(({ values }) => `${values['x']} ${values['y']}`)).size).toBe(25);
  expect(points.every(({ values }) => Number(values['x']) % 0.25 === 0 && Number(values['y']) % 0.25 === 0)).toBe(true);
  expect(points[9]?.how).toBe('the next point of the grid with 5 values a range');
});
