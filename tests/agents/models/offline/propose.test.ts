import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OfflineObservation, proposeOffline } from '../../../../agents/models/offline/propose.ts';
import { drawValid } from '../../../../samplers/draw.ts';
import { type Hyperparameters, toUnit } from '../../../../study/hyperparameter.ts';
import { type Direction, standing } from '../../../../study/objective.ts';
import { createRandom } from '../../../../study/random.ts';
import { parseSearchSpace, type SearchSpace } from '../../../../study/search-space.ts';
import { differingNames } from '../../../../study/trial.ts';
import { arbitraryFiniteSpaceSpec, arbitrarySpaceSpec } from '../../../study/arbitrary-search-space.ts';

const network = parseSearchSpace({
  hyperparameters: {
    optimizer: { type: 'categorical', choices: ['sgd', 'adam'], default: 'sgd' },
    learning_rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 1e-3 },
    momentum: { type: 'float', range: [0, 0.99], default: 0, when: { optimizer: 'sgd' } },
    hidden_units: { type: 'ordinal', values: [8, 16, 32, 64, 128], default: 8 },
    epochs: { type: 'int', range: [2, 20], default: 4 },
  },
});

type Value = (values: Hyperparameters) => number | null;

/** The trials of a study that starts with the defaults. */
function study(
  space: SearchSpace,
  objective: Value,
  { trials, seed = 1, direction = 'minimize' }: { trials: number; seed?: number; direction?: Direction },
): OfflineObservation[] {
  const observations = [{ hyperparameters: space.defaults(), value: objective(space.defaults()) }];
  for (let trial = 2; trial <= trials; trial++) {
    const proposal = proposeOffline({ space, observations, pending: [], direction, seed, trial });
    if (proposal === undefined) break;
    observations.push({ hyperparameters: proposal.hyperparameters, value: objective(proposal.hyperparameters) });
  }
  return observations;
}

const bowl: Value = (values) =>
  Object.values(values).reduce<number>((sum, each) => sum + (typeof each === 'number' ? (each - 0.4) ** 2 : 0), 0);

describe('a proposal of the offline model', () => {
  test('it is valid and new, and gives a reason for exactly what differs from its base', () => {
    fc.assert(
      fc.property(arbitrarySpaceSpec(), fc.nat(1000), (spec, seed) => {
        const space = parseSearchSpace(spec);
        const observations = study(space, (values) => (values['p0'] === null ? null : bowl(values)), {
          trials: 5,
          seed,
        });
        const proposal = proposeOffline({ space, observations, pending: [], direction: 'minimize', seed, trial: 9 });
        if (proposal === undefined) return;
        const { hyperparameters, basedOn, reasons } = proposal;
        expect(space.violations(hyperparameters)).toEqual([]);
        expect(observations.some((each) => space.isSame(each.hyperparameters, hyperparameters))).toBe(false);
        const base = basedOn === 'default' ? space.defaults() : (observations[basedOn]?.hyperparameters ?? {});
        expect(Object.keys(reasons).toSorted()).toEqual(differingNames(hyperparameters, base).toSorted());
        for (const reason of Object.values(reasons)) expect(reason).toMatch(/^Computed: .+\.$/);
        expect(proposal.rationale).toMatch(/^Computed(:| from general rules:) /);
      }),
      { numRuns: 12 },
    );
  });

  test('it is the same for the same seed and trial', () => {
    const observations = study(network, bowl, { trials: 5 });
    const propose = (seed: number, trial: number) =>
      proposeOffline({ space: network, observations, pending: [], direction: 'minimize', seed, trial });
    expect(propose(1, 6)).toEqual(propose(1, 6));
  });

  test('maximising a metric is minimising its negative', () => {
    const negated: Value = (values) => -(bowl(values) ?? 0);
    const configurations = (trials: OfflineObservation[]) => trials.map(({ hyperparameters }) => hyperparameters);
    const minimized = configurations(study(network, bowl, { trials: 6 }));
    expect(configurations(study(network, negated, { trials: 6, direction: 'maximize' }))).toEqual(minimized);
  });

  test('what it foretells follows from the value it foretells', () => {
    for (const trials of [4, 6, 8]) {
      const observations = study(network, bowl, { trials });
      const best = Math.min(...observations.map(({ value }) => value ?? Number.POSITIVE_INFINITY));
      const proposal = proposeOffline({
        space: network,
        observations,
        pending: [],
        direction: 'minimize',
        seed: 1,
        trial: 9,
      });
      const { outcome, value = Number.NaN } = proposal?.expects ?? {};
      expect(outcome).toBe(standing(value, best, 'minimize'));
    }
  });

  test('a finite space is used up to its last point, and then nothing is proposed', () => {
    fc.assert(
      fc.property(arbitraryFiniteSpaceSpec(), (spec) => {
        const space = parseSearchSpace(spec);
        const points = space.enumerate(1000) ?? [];
        fc.pre(points.length <= 40);
        expect(study(space, bowl, { trials: points.length + 3 })).toHaveLength(points.length);
      }),
      { numRuns: 10 },
    );
  });

  test('what is pending or was tried under other code is not proposed again', () => {
    const space = parseSearchSpace({ hyperparameters: { bias: { type: 'boolean', default: false } } });
    const request = { space, observations: [], direction: 'minimize' as const, seed: 1, trial: 2 };
    expect(proposeOffline({ ...request, pending: [{ bias: false }] })?.hyperparameters).toEqual({ bias: true });
    expect(proposeOffline({ ...request, pending: [{ bias: false }, { bias: true }] })).toBeUndefined();
    expect(proposeOffline({ ...request, pending: [], excluded: [{ bias: true }] })?.hyperparameters).toEqual({
      bias: false,
    });
  });

  test('a study in which everything fails goes on proposing different things', () => {
    expect(study(network, () => null, { trials: 8 })).toHaveLength(8);
  });
});

describe('general knowledge', () => {
  test('the first proposal moves poor defaults to what is usual, and says which rule', () => {
    const observations = [{ hyperparameters: network.defaults(), value: 2 }];
    const proposal = proposeOffline({
      space: network,
      observations,
      pending: [],
      direction: 'minimize',
      seed: 1,
      trial: 2,
    });
    expect(proposal).toMatchObject({ basedOn: 'default', expects: { outcome: 'better' }, intent: 'explore' });
    expect(proposal?.hyperparameters['optimizer']).toBe('adam');
    expect(Number(proposal?.hyperparameters['learning_rate'])).toBeGreaterThan(5e-4);
    expect(Number(proposal?.hyperparameters['learning_rate'])).toBeLessThan(5e-3);
    expect(proposal?.reasons['learning_rate']).toContain('general rule: the usual learning rate of Adam');
    expect(proposal?.reasons['momentum']).toBe('Computed: no longer active (it applies only when optimizer is "sgd").');
  });

  test('where it is wrong it loses: the best learning rate is found far from the usual ones', () => {
    const space = parseSearchSpace({
      hyperparameters: { learning_rate: { type: 'float', range: [1e-6, 10], scale: 'log', default: 1e-3 } },
    });
    for (const best of [1e-6, 3e-6, 1, 5]) {
      const value: Value = (values) => (Math.log10(Number(values['learning_rate'])) - Math.log10(best)) ** 2;
      const values = study(space, value, { trials: 10 }).map((each) => each.value ?? Number.POSITIVE_INFINITY);
      expect(Math.min(...values)).toBeLessThan(0.1); // within a third of a decade
    }
  });

  test('later proposals quote the model’s prediction', () => {
    const observations = study(network, networkLoss(3), { trials: 6 });
    const proposal = proposeOffline({
      space: network,
      observations,
      pending: [],
      direction: 'minimize',
      seed: 1,
      trial: 7,
    });
    expect(proposal?.rationale).toMatch(
      /^Computed: (refines near the best|tries where little is known); predicted [\d.]+ \([\d.]+ … [\d.]+\) against [\d.]+\.$/,
    );
    expect(Number.isFinite(proposal?.expects?.value)).toBe(true);
  });
});

describe('general knowledge that is wrong', () => {
  const ranges = {
    rate: { type: 'float', range: [1e-6, 1], scale: 'log', default: 1e-4 },
    share: { type: 'float', range: [0, 0.99], default: 0.5 },
    penalty: { type: 'float', range: [1e-8, 1], scale: 'log', default: 1e-3 },
  } as const;
  const named = (names: Readonly<Record<keyof typeof ranges, string>>) =>
    parseSearchSpace({
      hyperparameters: {
        [names.rate]: ranges.rate,
        [names.share]: ranges.share,
        [names.penalty]: ranges.penalty,
      },
    });
  const misleading = named({ rate: 'learning_rate', share: 'dropout', penalty: 'weight_decay' });
  const nameless = named({ rate: 'p1', share: 'p2', penalty: 'p3' });

  /** Best where the rules for those names would not look: tiny rates, nearly everything dropped, a strong penalty. */
  const against = (seed: number): Value => {
    const random = createRandom(seed, 'against');
    const optimum = [0.12, 0.9, 0.9].map((each) => each + 0.05 * random.normal());
    return (values) => {
      const units = Object.entries(ranges).map(([, spec], index) => {
        const value = Number(Object.values(values)[index]);
        const [low, high] = spec.range;
        return 'scale' in spec ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
      });
      return units.reduce((sum, unit, index) => sum + (unit - (optimum[index] ?? 0)) ** 2, 0);
    };
  };
  const seeds = Array.from({ length: 8 }, (_, seed) => seed);
  const meanBest = (space: SearchSpace, trials: number) =>
    seeds.reduce(
      (sum, seed) => sum + best(study(space, against(seed), { trials, seed }).map(({ value }) => value)),
      0,
    ) / seeds.length;

  test('costs a few trials at most: after fifteen it stands where the same search without names stood after ten', () => {
    expect(meanBest(misleading, 15)).toBeLessThanOrEqual(meanBest(nameless, 10));
  });

  test('is left behind when what it proposes fails', () => {
    for (const seed of seeds) {
      const value: Value = (values) => (Number(values['learning_rate']) > 2e-3 ? null : against(seed)(values));
      const found = study(misleading, value, { trials: 12, seed }).map((each) => each.value);
      expect(found.filter((each) => each !== null).length).toBeGreaterThanOrEqual(6);
      expect(best(found)).toBeLessThan(0.5 * best(found.slice(0, 1)));
    }
  });
});

test('in ten trials of a made-up network the offline model beats random search in most studies', () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const wins = seeds.filter((seed) => {
    const loss = networkLoss(seed);
    const random = createRandom(seed, 'baseline');
    const drawn = Array.from({ length: 10 }, () => loss(drawValid(network, random) ?? {}));
    return best(study(network, loss, { trials: 10, seed }).map(({ value }) => value)) < best(drawn);
  });
  expect(wins.length).toBeGreaterThanOrEqual(8);
});

function best(values: readonly (number | null)[]): number {
  return Math.min(...values.map((value) => value ?? Number.POSITIVE_INFINITY));
}

/**
 * A loss shaped like that of a small network, its optimum near the usual values and different for every seed: quadratic
 * in the logarithm of the learning rate, better with training and width, diverging at high rates.
 */
function networkLoss(seed: number): Value {
  const random = createRandom(seed, 'network');
  const decade = -2.7 + 0.5 * random.normal();
  return (values) => {
    const isAdam = values['optimizer'] === 'adam';
    const offset =
      Math.log10(Number(values['learning_rate'])) - decade - (isAdam ? 0 : 1.3 * (1 - Number(values['momentum'])));
    const epochs = Number(values['epochs']);
    const parameter = network.get('hidden_units');
    const width = parameter === undefined ? 0 : toUnit(parameter, values['hidden_units'] ?? null);
    if (offset > 2) return null;
    return 0.1 + 0.2 * offset ** 2 + 1 / (1 + epochs) + 0.2 * (1 - width) ** 2 + (isAdam ? 0 : 0.03);
  };
}
