import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawValid } from '../../samplers/draw.ts';
import { fromUnit, type Hyperparameters, toUnit, valueCount, valuesOf } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import { parseSearchSpace, type SearchSpace, type SearchSpaceSpec } from '../../study/search-space.ts';
import { arbitraryFiniteSpaceSpec, arbitrarySpaceSpec } from './arbitrary-search-space.ts';

const mlp: SearchSpaceSpec = {
  hyperparameters: {
    optimizer: { type: 'categorical', choices: ['sgd', 'adam', 'rmsprop'], default: 'sgd' },
    momentum: { type: 'float', range: [0, 0.99], default: 0.9, when: { optimizer: ['sgd', 'rmsprop'] } },
    nesterov: { type: 'boolean', default: false, when: { optimizer: 'sgd', momentum: 0.9 } },
    learning_rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 0.01, key: 'train.lr' },
    hidden: { type: 'ordinal', values: [16, 32, 64], default: 32, description: 'units a layer' },
    layers: { type: 'int', range: [1, 7], step: 2, default: 1 },
  },
  constraints: ['hidden * layers <= 200', 'momentum < 0.95 or learning_rate < 0.1'],
};

describe('a search space', () => {
  test('every sampled configuration is valid, and so are its defaults', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(10_000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        expect(space.violations(space.defaults())).toEqual([]);
        expect(space.violations(drawValid(space, createRandom(seed)) ?? {})).toEqual([]);
      }),
    );
  });

  test('written out and parsed again it is the same space', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), (spec) => {
        const space = parseSearchSpace(spec);
        expect(parseSearchSpace(space.toSpec()).parameters).toEqual(space.parameters);
      }),
    );
    const space = parseSearchSpace(mlp);
    const again = parseSearchSpace(JSON.parse(JSON.stringify(space.toSpec())));
    expect(again.parameters).toEqual(space.parameters);
    expect(again.constraints.map(({ source }) => source)).toEqual(mlp.constraints);
  });

  test('every value returns from its position on the unit interval', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(10_000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        const values = drawValid(space, createRandom(seed)) ?? {};
        for (const parameter of space.active(values)) {
          const value = values[parameter.name] ?? null;
          const back = fromUnit(parameter, toUnit(parameter, value));
          expect(toUnit(parameter, back)).toBeCloseTo(toUnit(parameter, value), 9);
        }
      }),
    );
  });

  test('counting the values of a parameter agrees with listing them', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), (spec) => {
        for (const parameter of parseSearchSpace(spec).parameters)
          expect(valueCount(parameter)).toBe(valuesOf(parameter)?.length ?? Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe('conditions', () => {
  const space = parseSearchSpace(mlp);

  test('a parameter is active only under the values its condition names, through any depth', () => {
    const active = (values: Hyperparameters) => space.active(values).map(({ name }) => name);
    expect(active({ optimizer: 'sgd', momentum: 0.9 })).toContain('nesterov');
    expect(active({ optimizer: 'rmsprop', momentum: 0.9 })).not.toContain('nesterov');
    expect(active({ optimizer: 'adam', momentum: 0.9 })).not.toContain('momentum');
    expect(active({ momentum: 0.9 })).not.toContain('momentum');
  });

  test('an inactive parameter must be left out, an active one must be there', () => {
    const adam = { optimizer: 'adam', learning_rate: 0.01, hidden: 32, layers: 1 };
    expect(space.violations(adam)).toEqual([]);
    expect(space.violations({ ...adam, momentum: 0.5 })).toEqual([
      'momentum has no effect unless optimizer is "sgd" or "rmsprop": leave it out',
    ]);
    expect(space.violations({ ...adam, optimizer: 'rmsprop' })).toEqual([
      'momentum is missing: it takes a number in [0, 0.99] (inclusive)',
    ]);
    expect(space.onlyActive({ ...adam, momentum: 0.5 })).toEqual(adam);
  });
});

describe('constraints', () => {
  const space = parseSearchSpace(mlp);
  const sgd = { ...space.defaults(), momentum: 0.97 };

  test('a broken one is quoted with the values that break it', () => {
    expect(space.violations({ ...space.onlyActive(sgd), learning_rate: 0.5 })).toEqual([
      'the constraint "momentum < 0.95 or learning_rate < 0.1" does not hold for momentum = 0.97, learning_rate = 0.5',
    ]);
  });

  test('one that names an inactive parameter does not apply', () => {
    expect(space.violations({ optimizer: 'adam', learning_rate: 0.5, hidden: 32, layers: 1 })).toEqual([]);
  });
});

describe('being the same trial', () => {
  const space = parseSearchSpace(mlp);
  const base = space.onlyActive({ ...space.defaults(), momentum: 0.5 });

  test('numbers count as equal up to a millionth of their range, on their own scale', () => {
    expect(space.isSame(base, { ...base, learning_rate: 0.01 * 1.000001 })).toBe(true);
    expect(space.isSame(base, { ...base, learning_rate: 0.01 * 1.0001 })).toBe(false);
    expect(space.isSame(base, { ...base, momentum: 0.5 + 9e-7 })).toBe(true);
  });

  test('a missing parameter is unlike any value', () => {
    expect(space.isSame(base, space.onlyActive({ ...base, optimizer: 'adam' }))).toBe(false);
  });

  test('it is the same seen from either side', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(10_000), (spec, seed) => {
        const one = parseSearchSpace(spec);
        const random = createRandom(seed);
        const [a, b] = [drawValid(one, random) ?? {}, drawValid(one, random) ?? {}];
        expect(one.isSame(a, b)).toBe(one.isSame(b, a));
        expect(one.isSame(a, { ...a })).toBe(true);
      }),
    );
  });
});

describe('listing a finite space', () => {
  test('every point is valid and stands there once', () => {
    fc.assert(
      fc.property(arbitraryFiniteSpaceSpec(), (spec) => {
        const space = parseSearchSpace(spec);
        const points = space.enumerate(1000) ?? [];
        expect(points.length).toBeGreaterThan(0);
        expect(points.flatMap((values) => space.violations(values))).toEqual([]);
        expect(new Set(points.map((values) => JSON.stringify(values))).size).toBe(points.length);
      }),
    );
  });

  test('a space that is infinite or beyond the limit is not listed', () => {
    expect(parseSearchSpace(mlp).enumerate(1e6)).toBeUndefined();
    expect(spaceOf({ type: 'int', range: [1, 1e9], default: 1 }).enumerate(1000)).toBeUndefined();
    expect(spaceOf({ type: 'int', range: [1, 10], default: 1 }).enumerate(10)).toHaveLength(10);
    expect(spaceOf({ type: 'int', range: [1, 11], default: 1 }).enumerate(10)).toBeUndefined();
  });

  test('constraints leave points out', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        a: { type: 'int', range: [1, 3], default: 1 },
        b: { type: 'int', range: [1, 3], default: 3 },
      },
      constraints: ['a < b'],
    });
    expect(space.enumerate(100)).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 3 },
      { a: 2, b: 3 },
    ]);
  });
});

describe('what a task author gets wrong is named with its value and what would be accepted', () => {
  const cases: [string, SearchSpaceSpec['hyperparameters'][string], string][] = [
    ['a range upside down', { type: 'float', range: [1, 0], default: 0 }, 'low ≤ high, got [1, 0]'],
    [
      'zero on a log scale',
      { type: 'float', range: [0, 1], scale: 'log', default: 1 },
      'low must be > 0 on a log scale, got 0',
    ],
    ['no range', { type: 'int', default: 1 }, 'needs range: [low, high]'],
    ['a fraction as an int', { type: 'int', range: [0.5, 2], default: 1 }, 'whole numbers, got [0.5, 2]'],
    ['a negative step', { type: 'float', range: [0, 1], step: -1, default: 0 }, 'step must be > 0, got -1'],
    ['a default outside', { type: 'float', range: [0, 1], default: 2 }, 'x = 2 is outside [0, 1] (inclusive)'],
    ['a default off the grid', { type: 'int', range: [0, 9], step: 3, default: 4 }, 'the nearest accepted value is 3'],
    ['no default', { type: 'float', range: [0, 1] }, 'has no default'],
    ['a choice twice', { type: 'categorical', choices: ['a', 'a'], default: 'a' }, 'holds a value twice: ["a","a"]'],
    ['an unlisted default', { type: 'categorical', choices: ['a'], default: 'b' }, 'x = "b" is not one of "a"'],
    [
      'choices for an ordinal',
      { type: 'ordinal', choices: [1], default: 1 },
      'ordinal has no "choices"; it takes values',
    ],
    ['a word as a boolean', { type: 'boolean', default: 'yes' }, 'must be true or false, got "yes"'],
  ];
  test.each(cases)('%s', (_, spec, message) => {
    expect(() => spaceOf(spec)).toThrow(message);
    expect(() => spaceOf(spec)).toThrow('hyperparameters.x: ');
  });

  test('a condition on a later, an unknown or an impossible value', () => {
    const a = { type: 'boolean', default: true } as const;
    const given = (when: Record<string, boolean | string>) =>
      parseSearchSpace({ hyperparameters: { alpha: a, beta: { ...a, when }, gamma: a } });
    expect(() => given({ gamma: true })).toThrow('declare "gamma" before "beta"');
    expect(() => given({ alhpa: true })).toThrow('"alhpa" is not a hyperparameter (did you mean "alpha"?)');
    expect(() => given({ alpha: 'on' })).toThrow('alpha = "on" is not one of false, true');
  });

  test('a constraint with a typo, and defaults that break one', () => {
    const x = { type: 'float', range: [0, 1], default: 0.5 } as const;
    const given = (constraint: string) =>
      parseSearchSpace({ hyperparameters: { width: x }, constraints: [constraint] });
    expect(() => given('widht < 1')).toThrow('constraints[0]: "widht" is not a hyperparameter (did you mean "width"?)');
    expect(() => given('width <')).toThrow('constraints[0]: "width <" is not an expression');
    expect(() => given('width > 0.5')).toThrow('the defaults are not a valid configuration');
  });

  test('a name that cannot be one, a name nobody declared, and an empty space', () => {
    expect(() => parseSearchSpace({ hyperparameters: {} })).toThrow('declare at least one');
    expect(() => parseSearchSpace({ hyperparameters: { 'a.b': { type: 'boolean', default: true } } })).toThrow(
      'use "key" for a dotted config path',
    );
    expect(parseSearchSpace(mlp).violations({ ...parseSearchSpace(mlp).defaults(), learningrate: 1 })).toEqual([
      'learningrate is not a hyperparameter of this task (did you mean "learning_rate"?)',
    ]);
  });

  test('values of a wrong kind are refused one by one', () => {
    const values = { x: '0.5' };
    const space = spaceOf({ type: 'float', range: [0, 1], default: 0 });
    expect(space.violations(values)).toEqual(['x = "0.5" is not a number in [0, 1] (inclusive)']);
    expect(space.violations({ x: Number.NaN })).toHaveLength(1);
    expect(space.violations({})).toEqual(['x is missing: it takes a number in [0, 1] (inclusive)']);
  });
});

function spaceOf(x: SearchSpaceSpec['hyperparameters'][string]): SearchSpace {
  return parseSearchSpace({ hyperparameters: { x } });
}
