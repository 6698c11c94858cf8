import fc from 'fast-check';
import type { HyperparameterSpec } from '../../study/hyperparameter-spec.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';

/** Written search spaces of every kind: all types, scales and steps, conditions on earlier parameters. */
export function arbitrarySpaceSpec(): fc.Arbitrary<SearchSpaceSpec> {
  return specOf(fc.oneof(float, int, categorical, ordinal, boolean));
}

/** Written search spaces with at most a few hundred configurations. */
export function arbitraryFiniteSpaceSpec(): fc.Arbitrary<SearchSpaceSpec> {
  return specOf(fc.oneof(smallInt, steppedFloat, categorical, ordinal, boolean), 3);
}

/** The same spaces with a constraint across two numbers (or on the only one), which the defaults keep. */
export function withArbitraryConstraint(specs: fc.Arbitrary<SearchSpaceSpec>): fc.Arbitrary<SearchSpaceSpec> {
  return fc.tuple(specs, fc.constantFrom(0.2, 0.5, 1)).map(([spec, slack]) => {
    const numbers = Object.entries(spec.hyperparameters).flatMap(([name, { range: [low, high] = [0, 0], ...one }]) =>
      typeof one.default === 'number' && high > low ? [{ name, width: high - low, initial: one.default }] : [],
    );
    const two = numbers.slice(0, 2);
    if (two.length === 0) return spec;
    const sum = two.map(({ name, width }) => `${name} / ${width}`).join(' + ');
    const bound = two.reduce<number>((total, { width, initial }) => total + initial / width, slack);
    return { ...spec, constraints: [`${sum} <= ${bound}`] };
  });
}

const float: fc.Arbitrary<HyperparameterSpec> = fc
  .tuple(
    fc.integer({ min: -5, max: 2 }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom('linear' as const, 'log' as const),
  )
  .map(([exponent, decades, scale]) => {
    const range = [10 ** exponent, 10 ** (exponent + decades)] as const;
    return { type: 'float', range, scale, default: range[0] };
  });

const int: fc.Arbitrary<HyperparameterSpec> = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 7 }))
  .chain(([low, width, step]) =>
    fc.constantFrom<HyperparameterSpec>(
      { type: 'int', range: [low, low + width], default: low },
      { type: 'int', range: [low, low + width], step, default: low },
      { type: 'int', range: [low, low + width], scale: 'log', default: low + width },
    ),
  );

const smallInt: fc.Arbitrary<HyperparameterSpec> = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 5 }))
  .map(([low, width]) => ({ type: 'int', range: [low, low + width], default: low }));

const steppedFloat: fc.Arbitrary<HyperparameterSpec> = fc
  .tuple(fc.constantFrom(0.1, 0.25, 0.3), fc.integer({ min: 0, max: 5 }))
  .map(([step, steps]) => ({ type: 'float', range: [-1, -1 + steps * step + step / 2], step, default: -1 }));

const categorical: fc.Arbitrary<HyperparameterSpec> = fc
  .uniqueArray(fc.constantFrom('sgd', 'adam', 3, true, null), { minLength: 1, maxLength: 4 })
  .map((choices) => ({ type: 'categorical', choices, default: choices[0] ?? null }));

const ordinal: fc.Arbitrary<HyperparameterSpec> = fc
  .uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 5 })
  .map((values) => ({ type: 'ordinal', values, default: values[0] ?? null }));

const boolean: fc.Arbitrary<HyperparameterSpec> = fc
  .boolean()
  .map((initial) => ({ type: 'boolean', default: initial }));

function specOf(one: fc.Arbitrary<HyperparameterSpec>, most = 5): fc.Arbitrary<SearchSpaceSpec> {
  return fc
    .array(fc.tuple(one, fc.nat(9)), { minLength: 1, maxLength: most })
    .map((specs) => ({ hyperparameters: Object.fromEntries(withConditions(specs)) }));
}

/** About a third of the parameters depend on the default of an earlier one. */
function withConditions(specs: readonly (readonly [HyperparameterSpec, number])[]): [string, HyperparameterSpec][] {
  return specs.map(([spec, choice], index) => {
    const parent = choice % 3 === 0 ? specs[choice % Math.max(1, index)]?.[0] : undefined;
    if (index === 0 || parent?.default === undefined) return [`p${index}`, spec];
    return [`p${index}`, { ...spec, when: { [`p${choice % index}`]: parent.default } }];
  });
}
