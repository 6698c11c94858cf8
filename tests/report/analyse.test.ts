import { describe, expect, it } from 'vitest';
import { analysisOf } from './make-facts.ts';
import { aCurve, SMALL_SPACE, type TrialStory } from './make-history.ts';

const adam = { learning_rate: 0.001, optimizer: 'adam', batch_size: 64, nesterov: false };
const tried = (changes: TrialStory['hyperparameters'], rest: Partial<TrialStory> = {}): TrialStory => ({
  hyperparameters: { ...adam, ...changes },
  ...rest,
});
const byDefault = (value: number): TrialStory => tried({}, { value, proposal: { origin: 'default' } });

describe('the comparison with the defaults', () => {
  it('counts a gain as positive in both directions', () => {
    const trials = [
      byDefault(0.5),
      tried({ batch_size: 128 }, { value: 0.4 }),
      tried({ batch_size: 32 }, { value: 0.7 }),
    ];
    expect(analysisOf({ trials }).comparison?.gain).toEqual({
      absolute: expect.closeTo(0.1),
      relative: expect.closeTo(0.2),
    });
    const up = analysisOf({ trials, objective: { metric: 'accuracy', direction: 'maximize' } });
    expect(up.best?.number).toBe(3);
    expect(up.comparison?.gain.absolute).toBeCloseTo(0.2);
  });

  it('is left out when the defaults were not tried, failed, or ran other code', () => {
    const won = tried({ batch_size: 128 }, { value: 0.4 });
    expect(analysisOf({ trials: [{ ...won, proposal: { origin: 'random' } }] }).comparison).toBeUndefined();
    const failed = tried({}, { failure: {}, proposal: { origin: 'default' } });
    expect(analysisOf({ trials: [failed, won] }).comparison).toBeUndefined();
    const other = analysisOf({ trials: [byDefault(0.1), { ...won, resumedWith: 'code-2' }] });
    expect(other.best?.number).toBe(2);
    expect(other.comparison).toBeUndefined();
    expect(other.compared.map(({ number }) => number)).toEqual([2]);
  });
});

describe('the noise', () => {
  const trials = [byDefault(0.9), tried({ batch_size: 128 }, { value: 0.95 })];
  const accuracy = { metric: 'val_accuracy', direction: 'maximize' } as const;

  it('of an accuracy over a known number of rows is binomial', () => {
    const { noise, comparison } = analysisOf({ trials, objective: accuracy }, { validationCount: 400 });
    expect(noise).toEqual({ kind: 'binomial', scale: 1, validationCount: 400 });
    expect(comparison?.significance?.standardError).toBeCloseTo(Math.sqrt((0.9 * 0.1 + 0.95 * 0.05) / 400), 12);
    expect(comparison?.significance).toMatchObject({ isAbove: true, trials: 2 });
    const few = analysisOf({ trials, objective: accuracy }, { validationCount: 100 });
    expect(few.comparison?.significance?.isAbove).toBe(false);
  });

  it('takes per cent as per cent', () => {
    const percent = [byDefault(90), tried({ batch_size: 128 }, { value: 95 })];
    const { comparison } = analysisOf({ trials: percent, objective: accuracy }, { validationCount: 400 });
    expect(comparison?.significance?.standardError).toBeCloseTo(100 * Math.sqrt((0.9 * 0.1 + 0.95 * 0.05) / 400), 10);
  });

  it('asks for more when the winner was picked among more trials', () => {
    const many = [...trials, ...[1, 2, 3, 4].map((n) => tried({ learning_rate: n / 100 }, { value: 0.5 }))];
    const of = (story: TrialStory[]) =>
      analysisOf({ trials: story, objective: accuracy }, { validationCount: 400 }).comparison?.significance;
    expect(of(trials)?.threshold).toBeCloseTo(1.96, 2);
    expect(of(many)?.threshold).toBeCloseTo(2.576, 2);
  });

  it('is measured where a configuration was repeated, and not where the repeat gave the same number', () => {
    const repeated = (value: number) =>
      analysisOf({ trials: [byDefault(0.5), tried({}, { value }), tried({ batch_size: 32 }, { value: 0.3 })] }).noise;
    expect(repeated(0.52)).toMatchObject({
      kind: 'measured',
      deviation: expect.closeTo(0.02 / Math.SQRT2),
      repeats: 2,
      configurations: 1,
    });
    expect(repeated(0.5)).toEqual({ kind: 'unknown' });
  });

  it.each(['val_loss', 'f1', 'auc', 'balanced_accuracy', 'mean_absolute_error', 'val_error'])(
    'of %s is unknown however many rows there are',
    (metric) => {
      const values = [byDefault(0.1234567), tried({ batch_size: 128 }, { value: 0.2345678 })];
      expect(analysisOf({ trials: values, objective: { metric } }, { validationCount: 400 }).noise.kind).toBe(
        'unknown',
      );
    },
  );
});

describe('expectations', () => {
  /** Far from each other, unless told: what near neighbours differ by counts as chance. */
  const expecting = (
    outcome: 'better' | 'similar' | 'worse',
    value: number,
    foretold?: number,
    learning_rate = value ** 6,
  ) =>
    tried(
      { learning_rate },
      {
        value,
        proposal: { origin: 'offline', expects: { outcome, ...(foretold !== undefined && { value: foretold }) } },
      },
    );

  it('are judged against the best trial when they were made', () => {
    const { trials, expectations } = analysisOf({
      trials: [
        byDefault(0.5),
        expecting('better', 0.4, 0.3),
        expecting('better', 0.45),
        expecting('similar', 0.401),
        expecting('worse', 0.9, 0.8),
      ],
    });
    expect(trials.map(({ expectation }) => expectation?.cameTrue)).toEqual([undefined, 'yes', 'no', 'yes', 'yes']);
    expect(trials[2]?.expectation?.actual).toBe('worse');
    expect(expectations).toMatchObject({ judged: 4, cameTrue: 3, better: { expected: 2, were: 1 } });
    expect(expectations.valueError).toEqual({ median: expect.closeTo(0.1), trials: 2 });
  });

  it('are judged by what near neighbours differ by, where the noise is unknown', () => {
    const near = [0.4, 0.45, 0.42, 0.38].map((value, index) =>
      expecting('better', value, undefined, 0.02 + index / 10_000),
    );
    const { trials } = analysisOf({ trials: [byDefault(0.5), ...near] });
    expect(trials[2]?.expectation).toMatchObject({ actual: 'similar', cameTrue: 'no' }); // 0.45 after 0.4
  });

  it('never come true without a value, and stay open while nothing can be compared', () => {
    const proposal = { origin: 'offline', expects: { outcome: 'worse' } } as const;
    const { trials } = analysisOf({
      trials: [
        tried({}, { value: 0.5, proposal }),
        tried({ batch_size: 32 }, { failure: { cause: 'diverged' }, proposal }),
        tried({ batch_size: 128 }, { state: 'running', proposal }),
        tried({ batch_size: 256 }, { value: 0.9, proposal, resumedWith: 'code-2' }),
      ],
    });
    expect(trials.map(({ expectation }) => expectation?.cameTrue)).toEqual(['open', 'no', 'open', 'open']);
  });
});

describe('findings', () => {
  it('name a best value at an end of its range and its side, where there is a middle', () => {
    const trials = [byDefault(0.5), tried({ learning_rate: 1e-5, batch_size: 256, nesterov: true }, { value: 0.1 })];
    expect(analysisOf({ trials }).findings.filter(({ kind }) => kind === 'edge')).toEqual([
      { kind: 'edge', name: 'learning_rate', value: 1e-5, side: 'lower', reach: 'at', isVaried: true },
      { kind: 'edge', name: 'batch_size', value: 256, side: 'upper', reach: 'at', isVaried: true },
    ]);
  });

  it('tell a best value near an end, and one that no trial varied', () => {
    const trials = [
      tried({ learning_rate: 1e-3, batch_size: 32 }, { value: 0.5 }),
      tried({ learning_rate: 1.2e-5, batch_size: 32 }, { value: 0.1 }), // 2 % of the four decades above the end
    ];
    expect(analysisOf({ trials }).findings.filter(({ kind }) => kind === 'edge')).toEqual([
      { kind: 'edge', name: 'learning_rate', value: 1.2e-5, side: 'lower', reach: 'near', isVaried: true },
      { kind: 'edge', name: 'batch_size', value: 32, side: 'lower', reach: 'at', isVaried: false },
    ]);
    const inside = [byDefault(0.5), tried({ learning_rate: 2e-5, batch_size: 128 }, { value: 0.1 })];
    expect(analysisOf({ trials: inside }).findings.filter(({ kind }) => kind === 'edge')).toEqual([]);
  });

  it('tell what the curves say, and whether the best is among them', () => {
    const trials = [
      { ...byDefault(0.5), curve: aCurve(0.5, { overfitting: true }) },
      tried({ batch_size: 128 }, { value: 0.2, curve: aCurve(0.2, { stillImproving: true }) }),
      tried({ batch_size: 32 }, { failure: { cause: 'diverged' } }),
    ];
    expect(analysisOf({ trials }).findings).toEqual([
      { kind: 'still-improving', best: true, trials: [2], of: 2 },
      { kind: 'overfitting', best: false, trials: [1], of: 2 },
      { kind: 'diverged', trials: [3] },
    ]);
  });

  it('tell parameters that moved together', () => {
    const sizes = [32, 64, 128, 256];
    const trials = Array.from({ length: 12 }, (_, n) =>
      tried({ learning_rate: 10 ** (-5 + (n % 4)), batch_size: sizes[n % 4] ?? 32 }, { value: n + 1 }),
    );
    expect(analysisOf({ trials }).findings).toContainEqual({
      kind: 'moved-together',
      first: 'learning_rate',
      second: 'batch_size',
      correlation: expect.closeTo(1),
      trials: 12,
    });
  });
});

describe('effects', () => {
  it('count only complete trials of the current code in which the parameter was active', () => {
    const sgd = { optimizer: 'sgd', momentum: 0.9 };
    const { effects } = analysisOf({
      trials: [
        byDefault(0.1),
        tried({ ...sgd, batch_size: 32 }, { value: 0.3, resumedWith: 'code-2' }),
        tried({ ...sgd, batch_size: 256 }, { value: 0.5 }),
        tried(sgd, { failure: {} }),
        tried({}, { state: 'pruned', value: 0.01 }),
      ],
    });
    const named = (name: string) => effects.find(({ parameter }) => parameter.name === name);
    expect(named('momentum')).toMatchObject({
      importance: { trials: 2, verdict: 'never-varied' },
    });
    expect(named('batch_size')?.groups).toEqual([
      { value: 32, trials: 1, mean: 0.3, median: 0.3, best: 0.3 },
      { value: 256, trials: 1, mean: 0.5, median: 0.5, best: 0.5 },
    ]);
    expect(named('optimizer')?.groups).toEqual([{ value: 'sgd', trials: 2, mean: 0.4, median: 0.4, best: 0.3 }]);
  });

  it('know where the best quarter lies', () => {
    const trials = Array.from({ length: 12 }, (_, n) =>
      tried({ learning_rate: 10 ** (-1 - n / 3) }, { value: Math.abs(n - 6) }),
    );
    const effect = analysisOf({ trials, space: SMALL_SPACE }).effects[0];
    expect(effect?.bestRegion).toEqual({ low: 10 ** (-1 - 7 / 3), high: 10 ** (-1 - 5 / 3), trials: 3, of: 12 });
  });
});

describe('failures and rejections', () => {
  it('are counted by cause, the latest end of output kept', () => {
    const failing = (tail: string, cause: 'import' | 'diverged' = 'import') =>
      tried({}, { failure: { cause, tail, message: 'no' }, withheld: ['SECRET'] });
    const { failures, rejections, fallbacks } = analysisOf({
      trials: [
        failing('old'),
        failing('x', 'diverged'),
        {
          ...failing('new'),
          rejections: [
            ['learning_rate = 9 is outside [0.00001, 0.1] (inclusive)'],
            ['layers is not a hyperparameter', 'momentum is missing'],
          ],
        },
        tried({}, { value: 1, proposal: { origin: 'tpe', fallback: true } }),
      ],
    });
    expect(failures.map(({ cause, trials, tail }) => [cause, trials, tail])).toEqual([
      ['import', [1, 3], 'new'],
      ['diverged', [2], 'x'],
    ]);
    expect(failures[0]?.withheld).toEqual(['SECRET']);
    expect(rejections.proposals).toBe(2);
    expect(rejections.kinds.map(({ why, count }) => [why, count])).toEqual([
      ['outside its range', 1],
      ['not a hyperparameter', 1],
      ['a hyperparameter missing', 1],
    ]);
    expect(fallbacks).toEqual([4]);
  });
});

describe('the analysis’s claims', () => {
  it('are marked where the log cannot carry them', () => {
    const influence = { momentum: 'helps', optimizer: 'adam wins', warmup: 'matters', learning_rate: 'small is good' };
    const { conclusion } = analysisOf({
      trials: Array.from({ length: 9 }, (_, n) =>
        tried({ learning_rate: 10 ** (-1 - ((n * 7) % 9) / 3) }, { value: ((n * 5) % 9) + 1 }),
      ),
      end: {
        event: 'study-finished',
        status: 'complete',
        reason: 'trial-budget',
        message: '',
        analysis: { best: '', future: '', by: 'model', influence },
      },
    });
    expect(conclusion?.claims.map(({ name, unsupported }) => [name, unsupported])).toEqual([
      ['momentum', 'never-active'],
      ['optimizer', 'never-varied'],
      ['warmup', 'not-a-hyperparameter'],
      ['learning_rate', 'no-effect-shown'],
    ]);
  });
});
