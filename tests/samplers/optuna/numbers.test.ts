import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawValid } from '../../../samplers/draw.ts';
import { fromOptunaPoint, toOptunaParameters, toOptunaPoint } from '../../../samplers/optuna/numbers.ts';
import type { HyperparameterSpec } from '../../../study/hyperparameter-spec.ts';
import { createRandom } from '../../../study/random.ts';
import { parseSearchSpace } from '../../../study/search-space.ts';
import { arbitrarySpaceSpec } from '../../study/arbitrary-search-space.ts';

describe('a hyperparameter as one of Optuna’s distributions', () => {
  test.each<[string, HyperparameterSpec, object]>([
    [
      'float',
      { type: 'float', range: [-1, 1], default: 0 },
      { kind: 'float', low: -1, high: 1, log: false, step: null },
    ],
    [
      'float on a log scale',
      { type: 'float', range: [1e-5, 1], scale: 'log', default: 0.1 },
      { kind: 'float', low: 1e-5, high: 1, log: true, step: null },
    ],
    [
      'float with a step',
      { type: 'float', range: [0, 0.5], step: 0.1, default: 0.3 },
      { kind: 'float', low: 0, high: 0.5, log: false, step: 0.1 },
    ],
    ['int', { type: 'int', range: [1, 9], default: 3 }, { kind: 'int', low: 1, high: 9, log: false, step: null }],
    [
      'int on a log scale with a step',
      { type: 'int', range: [16, 512], scale: 'log', step: 16, default: 32 },
      { kind: 'int', low: 16, high: 512, log: true, step: 16 },
    ],
    ['categorical', { type: 'categorical', choices: [null, 'a', 1], default: 'a' }, { kind: 'choice', count: 3 }],
    [
      'ordinal',
      { type: 'ordinal', values: ['s', 'm', 'l'], default: 'm' },
      { kind: 'int', low: 0, high: 2, log: false, step: 1 },
    ],
    ['boolean', { type: 'boolean', default: true }, { kind: 'choice', count: 2 }],
  ])('%s', (_, spec, expected) => {
    const space = parseSearchSpace({ hyperparameters: { x: spec } });
    expect(toOptunaParameters(space)).toEqual([{ name: 'x', when: {}, ...expected }]);
    expect(fromOptunaPoint(space, toOptunaPoint(space, space.defaults()))).toEqual(space.defaults());
  });

  test('its condition names the parent’s values as Optuna knows them', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        optimizer: { type: 'categorical', choices: ['adam', 'sgd', 'rmsprop'], default: 'adam' },
        momentum: { type: 'float', range: [0, 1], default: 0.9, when: { optimizer: ['sgd', 'rmsprop'] } },
      },
    });
    expect(toOptunaParameters(space)[1]).toMatchObject({ when: { optimizer: [1, 2] } });
    expect(toOptunaPoint(space, { optimizer: 'adam' })).toEqual({ optimizer: 0 });
  });
});

describe('a point of Optuna', () => {
  test('every configuration comes back from its point', () => {
    const property = fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
      const space = parseSearchSpace(spec);
      const values = drawValid(space, createRandom(seed)) ?? space.defaults();
      expect(fromOptunaPoint(space, toOptunaPoint(space, values))).toEqual(values);
    });
    fc.assert(property, { numRuns: 100 });
  });

  test('goes to the nearest step: of sums, and of scales on which Optuna knows none', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        dropout: { type: 'float', range: [0, 0.5], step: 0.1, default: 0 },
        units: { type: 'int', range: [16, 512], scale: 'log', step: 16, default: 16 },
      },
    });
    expect(fromOptunaPoint(space, { dropout: 0.1 + 0.2, units: 43 })).toEqual({ dropout: 0.3, units: 48 });
  });

  test('of what the space does not know is left for the space to refuse', () => {
    const space = parseSearchSpace({ hyperparameters: { flag: { type: 'boolean', default: false } } });
    expect(space.violations(fromOptunaPoint(space, { flag: 7 }))).toHaveLength(1);
    expect(space.violations(fromOptunaPoint(space, { flag: 1, other: 2 }))).toHaveLength(1);
  });
});
