import { describe, expect, it } from 'vitest';
import { type Evaluated, FEWEST_TRIALS, importanceOf } from '../../report/importance.ts';
import { fromUnit, type Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom, type Random } from '../../study/random.ts';
import { parseSearchSpace } from '../../study/search-space.ts';

const SPACE = parseSearchSpace({
  hyperparameters: {
    learning_rate: { type: 'float', range: [1e-5, 1e-1], scale: 'log', default: 1e-3 },
    optimizer: { type: 'categorical', choices: ['adam', 'sgd'], default: 'adam' },
    momentum: { type: 'float', range: [0.8, 0.99], default: 0.9, when: { optimizer: 'sgd' } },
    weight_decay: { type: 'float', range: [1e-6, 1e-2], scale: 'log', default: 1e-4 },
    batch_size: { type: 'ordinal', values: [32, 64, 128, 256], default: 64 },
    activation: { type: 'categorical', choices: ['relu', 'elu', 'silu'], default: 'relu' },
    layers: { type: 'int', range: [1, 5], default: 2 },
    nesterov: { type: 'boolean', default: false },
  },
});

type Truth = (values: Hyperparameters, random: Random) => number;

function draw(random: Random): Hyperparameters {
  const all = SPACE.parameters.map((parameter) => [parameter.name, fromUnit(parameter, random.uniform())]);
  return SPACE.onlyActive(Object.fromEntries(all));
}

function randomStudy(seed: number, trials: number, truth: Truth): Evaluated[] {
  const random = createRandom(seed, 'planted');
  return Array.from({ length: trials }, () => {
    const hyperparameters = draw(random);
    return { hyperparameters, loss: truth(hyperparameters, random) };
  });
}

/** A proposer that learns: from the fifth trial on it changes about a third of the best configuration. */
function learningStudy(seed: number, trials: number, truth: Truth): Evaluated[] {
  const random = createRandom(seed, 'learning');
  const done: Evaluated[] = [];
  while (done.length < trials) {
    const best = done.toSorted((a, b) => a.loss - b.loss)[0];
    const fresh = draw(random);
    const kept = done.length < 4 || best === undefined ? {} : best.hyperparameters;
    const mixed = Object.fromEntries(
      SPACE.parameters.flatMap((parameter) => {
        const value = random.uniform() < 0.65 ? (kept[parameter.name] ?? fresh[parameter.name]) : fresh[parameter.name];
        return [[parameter.name, value ?? fromUnit(parameter, random.uniform())]];
      }),
    );
    const hyperparameters = SPACE.onlyActive(mixed);
    done.push({ hyperparameters, loss: truth(hyperparameters, random) });
  }
  return done;
}

function credited(evaluated: readonly Evaluated[]): string[] {
  return importanceOf(SPACE, evaluated)
    .parameters.filter(({ verdict }) => verdict === 'matters')
    .map(({ name }) => name);
}

const log10 = (value: unknown) => Math.log10(Number(value));
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('importance', () => {
  it.each<[string, string[], Truth]>([
    [
      'a best learning rate in the middle',
      ['learning_rate'],
      (v, r) => (log10(v['learning_rate']) + 3) ** 2 + 0.3 * r.normal(),
    ],
    [
      'two effects, one of them a choice',
      ['learning_rate', 'optimizer'],
      (v, r) => Math.abs(log10(v['learning_rate']) + 3) + (v['optimizer'] === 'sgd' ? 1 : 0) + 0.2 * r.normal(),
    ],
    [
      'a choice among three, with values spread over decades',
      ['activation'],
      (v, r) => Math.exp({ relu: 0, elu: 3, silu: 6 }[String(v['activation'])] ?? 0) * Math.exp(r.normal()),
    ],
  ])('finds %s in at least 95 of 100 studies of 30 trials', (_, planted, truth) => {
    const results = seeds(24).map((seed) => credited(randomStudy(seed, 30, truth)));
    const found = results.flatMap((names) => planted.map((name) => names.includes(name)));
    expect(found.filter(Boolean).length / found.length).toBeGreaterThanOrEqual(0.95);
    const wrong = results.filter((names) => names.some((name) => !planted.includes(name)));
    expect(wrong.length / results.length).toBeLessThanOrEqual(0.09); // at most 2 of 24, where 0.6 are expected
  });

  it.each([
    ['random search', 10, randomStudy],
    ['random search', 30, randomStudy],
    ['a proposer that learns', 30, learningStudy],
  ] as const)('credits something in at most 5 of 100 studies of pure noise (%s, %d trials)', (_, trials, study) => {
    const wrong = seeds(100).filter(
      (seed) => credited(study(seed, trials, (__, random) => random.normal())).length > 0,
    );
    expect(wrong.length).toBeLessThanOrEqual(5);
  });

  it('judges a conditional parameter by the trials where it was active, and never credits it for its condition', () => {
    // sgd is worse by far, and momentum exists with sgd alone: the loss says nothing about momentum itself.
    const onlyParent: Truth = (v, r) => (v['optimizer'] === 'sgd' ? 10 : 0) + r.normal();
    for (const seed of seeds(12)) {
      const evaluated = randomStudy(seed, 40, onlyParent);
      expect(credited(evaluated)).not.toContain('momentum');
    }
    const evaluated = randomStudy(1, 40, onlyParent);
    const momentum = importanceOf(SPACE, evaluated).parameters.find(({ name }) => name === 'momentum');
    expect(momentum?.trials).toBe(
      evaluated.filter(({ hyperparameters }) => hyperparameters['optimizer'] === 'sgd').length,
    );
  });

  it('finds a conditional parameter’s own effect', () => {
    const within: Truth = (v, r) => ('momentum' in v ? 40 * Number(v['momentum']) : 36) + 0.2 * r.normal();
    const found = seeds(10).filter((seed) => credited(randomStudy(seed, 40, within)).includes('momentum'));
    expect(found.length).toBeGreaterThanOrEqual(9);
  });

  it('says nothing from too few trials, or where a parameter never varied or was never active', () => {
    const few = randomStudy(3, FEWEST_TRIALS - 1, (v) => log10(v['learning_rate']));
    expect(importanceOf(SPACE, few).parameters.every(({ verdict }) => verdict === 'too-few-trials')).toBe(true);
    const fixed = randomStudy(3, 30, (v, r) => r.normal() + Number(v['layers'])).map(({ hyperparameters, loss }) => {
      const { momentum: _, ...rest } = hyperparameters;
      return { loss, hyperparameters: { ...rest, optimizer: 'adam', nesterov: true } };
    });
    const verdicts = Object.fromEntries(
      importanceOf(SPACE, fixed).parameters.map(({ name, verdict }) => [name, verdict]),
    );
    expect(verdicts).toMatchObject({ momentum: 'too-few-trials', optimizer: 'never-varied', nesterov: 'never-varied' });
  });

  it('answers the same for the same log, and bears equal values, no trials and huge outliers', () => {
    const truth: Truth = (v, r) => (log10(v['learning_rate']) + 3) ** 2 + 0.1 * r.normal();
    const evaluated = randomStudy(5, 30, truth);
    expect(importanceOf(SPACE, evaluated)).toEqual(importanceOf(SPACE, evaluated));
    expect(importanceOf(SPACE, []).permutations).toBe(0);
    const equal = evaluated.map(({ hyperparameters }) => ({ hyperparameters, loss: 1 }));
    expect(credited(equal)).toEqual([]);
    const spoiled = evaluated.map((each, index) => (index === 4 ? { ...each, loss: 1e12 } : each));
    expect(credited(spoiled)).toContain('learning_rate');
  });

  it('states a share with its range when any one trial is left out', () => {
    const evaluated = randomStudy(8, 30, (v, r) => log10(v['learning_rate']) + 0.1 * r.normal());
    const found = importanceOf(SPACE, evaluated).parameters[0];
    expect(found).toMatchObject({ name: 'learning_rate', verdict: 'matters', trials: 30 });
    const [low, high] = found?.range ?? [1, 0];
    expect(low).toBeGreaterThan(0.5);
    expect(low).toBeLessThanOrEqual(found?.share ?? 0);
    expect(high).toBeGreaterThanOrEqual(found?.share ?? 1);
  });
});
