import { describe, expect, test } from 'vitest';
import { Comparison, incumbentCurve } from '../../bench/support/optimisers/compare.mjs';
import { createRandom } from '../../bench/support/statistics.mjs';

const NAMES = Array.from({ length: 10 }, (_, index) => `planted/${index}`);

function comparison(
  arms: Readonly<Record<string, (random: () => number) => number>>,
  { noise = 0, missing = '' } = {},
) {
  const random = createRandom(3);
  const studies = NAMES.flatMap((problem) =>
    [1, 2, 3, 4].flatMap((seed) =>
      Object.entries(arms).map(([arm, draw]) => ({
        arm,
        problem,
        seed,
        ...(`${arm} ${problem} ${seed}` !== missing && {
          trials: [aTrial(1), aTrial(draw(random)), { ...aTrial(2), isNew: false }],
        }),
      })),
    ),
  );
  const problems = NAMES.map((name) => ({ name, noise }));
  const calibration = Object.fromEntries(NAMES.map((name) => [name, { best: 0, typical: 1 }]));
  return new Comparison({ studies, arms: Object.keys(arms), problems, calibration, trials: 3 });
}

function aTrial(loss: number) {
  return { loss, true: loss, seconds: 0.1, isNew: true };
}

describe('the best so far', () => {
  test('is judged without noise, by the configuration that looked best with it', () => {
    const trials = [
      { loss: 1.1, true: 1 },
      { loss: 0.95, true: 1.05 },
      { loss: 0.97, true: 0.9 },
    ];
    expect(incumbentCurve(trials, 3)).toEqual([1, 1.05, 1.05]);
  });

  test('is infinite until a trial has a loss, and stays when the study has ended', () => {
    expect(incumbentCurve([{ failed: 'diverged' }, { loss: 2, true: 2 }], 4)).toEqual([Infinity, 2, 2, 2]);
  });
});

describe('arms', () => {
  const planted = comparison({
    good: (random) => 0.2 * random(),
    bad: (random) => 0.3 + 0.2 * random(),
    default: () => 1,
  });

  test('that all began with the same point are level after it', () => {
    expect([...planted.meanRanks(1).values()]).toEqual([2, 2, 2]);
  });

  test('that differ by design are told apart, with an interval away from 0 and a small p', () => {
    expect([...planted.meanRanks(2).values()]).toEqual([1, 2, 3]);
    expect(planted.winsAgainst('good', 'bad', 2)).toEqual({ studies: 1, problems: 1 });
    const [againstBad] = planted.rankDifferences('good', 2);
    expect(againstBad).toMatchObject({ other: 'bad', difference: 1, low: 1, high: 1 });
    // The smallest p of 10 problems, 2 / 2¹⁰, for the smaller of two tests.
    expect(againstBad?.p).toBeCloseTo(4 / 1024, 10);
  });

  test('that do not differ are not told apart', () => {
    const same = comparison({ one: (random) => random(), two: (random) => random() });
    const [difference] = same.rankDifferences('one', 2);
    expect(difference?.low).toBeLessThan(0);
    expect(difference?.high).toBeGreaterThan(0);
    expect(difference?.p).toBeGreaterThan(0.05);
  });

  test('within the noise of each other are level', () => {
    const noisy = comparison({ one: () => 0.5, two: () => 0.52 }, { noise: 0.1 });
    expect([...noisy.meanRanks(2).values()]).toEqual([1.5, 1.5]);
    expect(noisy.winsAgainst('one', 'two', 2)).toEqual({ studies: 0.5, problems: 0 });
  });

  test('are compared on the studies that all of them have', () => {
    const broken = comparison({ one: () => 0.5, two: () => 0.4 }, { missing: 'two planted/3 2' });
    expect(broken.pairs).toHaveLength(39);
    expect(broken.pairs).not.toContainEqual({ problem: 'planted/3', seed: 2 });
  });

  test('have a regret between the best known loss and a middling configuration’s', () => {
    const known = comparison({ half: () => 0.5, worse: () => 7 });
    expect(known.meanRegret('half', 1)).toBe(1);
    expect(known.meanRegret('half', 3)).toBeCloseTo(0.5);
    expect(known.meanRegret('worse', 3)).toBe(1);
  });

  test('change the loss by a share of the other’s', () => {
    const halved = comparison({ tuned: () => 0.2, random: () => 0.4 });
    expect(halved.changeAgainst('tuned', 'random', 3)).toEqual({ median: 0.5, mean: 0.5 });
  });

  test('say how many of their trials were repetitions', () => {
    expect(planted.costOf('good')).toMatchObject({ failed: 0, repeated: expect.closeTo(1 / 3) });
  });
});
