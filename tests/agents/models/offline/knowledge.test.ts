import { describe, expect, test } from 'vitest';
import { beliefAbout } from '../../../../agents/models/offline/knowledge.ts';
import { createPrior } from '../../../../agents/models/offline/prior.ts';
import type { Hyperparameters } from '../../../../study/hyperparameter.ts';
import type { HyperparameterSpec } from '../../../../study/hyperparameter-spec.ts';
import { parseSearchSpace } from '../../../../study/search-space.ts';

const float: HyperparameterSpec = { type: 'float', range: [1e-6, 10], scale: 'log', default: 1e-6 };

function beliefIn(hyperparameters: Record<string, HyperparameterSpec>, name: string, values: Hyperparameters = {}) {
  const space = parseSearchSpace({ hyperparameters });
  const parameter = space.get(name);
  if (parameter === undefined) throw new Error(`${name} is not declared`);
  return beliefAbout(parameter, { space, values });
}

describe('what is generally known', () => {
  test('the usual learning rate depends on the optimiser, and on whether trees are boosted', () => {
    const optimizer: HyperparameterSpec = { type: 'categorical', choices: ['sgd', 'adam'], default: 'sgd' };
    const network = { learning_rate: float, optimizer };
    expect(beliefIn(network, 'learning_rate', { optimizer: 'adam' })).toMatchObject({ low: 5e-4, high: 5e-3 });
    expect(beliefIn(network, 'learning_rate', { optimizer: 'sgd' })).toMatchObject({ low: 0.02, high: 0.2 });
    const trees = { eta: float, max_depth: { type: 'int', range: [1, 20], default: 6 } as const };
    expect(beliefIn(trees, 'eta')).toMatchObject({ low: 0.03 });
    expect(beliefIn(trees, 'max_depth')).toMatchObject({ low: 3, high: 8 });
  });

  test.each([
    ['Adam’s step size.', 5e-4],
    ['Of AdamW, after the warm-up.', 5e-4],
    ['Of SGD with momentum.', 0.02],
    ['Divided by lambda after a million steps.', 1e-3],
    ['The step size.', 1e-3],
  ])('the description may name the optimiser: %s', (description, low) => {
    const network = { learning_rate: { ...float, description }, epochs: float };
    expect(beliefIn(network, 'learning_rate')).toMatchObject({ low });
  });

  test.each([
    'lr',
    'learning-rate',
    'weightDecay',
    'batch_size',
    'n_estimators',
    'hidden_units',
    'hidden_layers',
    'max_iter',
    'C',
  ])('%s is known however it is written', (name) => {
    expect(beliefIn({ [name.replace('-', '_')]: float }, name.replace('-', '_'))).toBeDefined();
  });

  test.each(['x', 'bandwidth', 'warmup_steps', 'alphabet', 'threshold', 'color'])(
    'nothing is claimed about %s',
    (name) => {
      expect(beliefIn({ [name]: float }, name)).toBeUndefined();
    },
  );
});

describe('the prior', () => {
  test('its mode is a valid configuration in which what is unknown keeps its default', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        learning_rate: { type: 'float', range: [1e-5, 1], scale: 'log', default: 1e-5 },
        mystery: { type: 'float', range: [0, 1], default: 0.9 },
        optimizer: { type: 'categorical', choices: ['SGD', 'Adam'], default: 'SGD' },
        momentum: { type: 'float', range: [0, 1], default: 0, when: { optimizer: 'SGD' } },
      },
    });
    const { mode, logWeight } = createPrior(space);
    expect(space.violations(mode)).toEqual([]);
    expect(mode).toMatchObject({ mystery: 0.9, optimizer: 'Adam' });
    expect(logWeight(mode)).toBeGreaterThan(logWeight(space.defaults()));
  });

  test('that more usually helps is no reason for less', () => {
    const space = parseSearchSpace({ hyperparameters: { epochs: { type: 'int', range: [2, 40], default: 40 } } });
    const { ruleFor } = createPrior(space);
    expect(ruleFor('epochs', { epochs: 33 }, { epochs: 40 })).toBeUndefined();
    expect(ruleFor('epochs', { epochs: 33 }, { epochs: 5 })).toMatch('longer training');
  });

  test('no rule forbids: the least usual value keeps a bounded weight', () => {
    const space = parseSearchSpace({ hyperparameters: { learning_rate: float } });
    expect(createPrior(space).logWeight({ learning_rate: 10 })).toBeGreaterThan(Math.log(0.09));
  });

  test('a range that leaves out all usual values, words for numbers and odd choices are survived', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        learning_rate: { type: 'float', range: [5, 10], default: 5 },
        epochs: { type: 'categorical', choices: ['few', 'many'], default: 'few' },
        batch_size: { type: 'ordinal', values: ['small', 'large'], default: 'small' },
        activation: { type: 'categorical', choices: ['mine', 'yours'], default: 'yours' },
        dropout: { type: 'boolean', default: false },
      },
    });
    const { mode, logWeight } = createPrior(space);
    expect(space.violations(mode)).toEqual([]);
    expect(mode).toMatchObject({ epochs: 'few', activation: 'yours', dropout: false });
    expect(Number.isFinite(logWeight(mode))).toBe(true);
  });

  test('the mode of a constrained space keeps its constraints', () => {
    const space = parseSearchSpace({
      hyperparameters: {
        hidden_units: { type: 'int', range: [8, 512], default: 16 },
        epochs: { type: 'int', range: [1, 100], default: 5 },
      },
      constraints: ['hidden_units * epochs <= 1000'],
    });
    expect(space.violations(createPrior(space).mode)).toEqual([]);
  });
});
