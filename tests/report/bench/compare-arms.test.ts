import { expect, test } from 'vitest';
import type { BenchRun } from '../../../report/bench/bench-run.ts';
import { type Comparison, compareArms } from '../../../report/bench/compare-arms.ts';
import { signTest } from '../../../report/bench/sign-test.ts';
import { benchVerdict } from '../../../report/bench/verdict.ts';

/** A study whose best so far goes through these values. */
function aRun(arm: string, seed: number, bestSoFar: readonly (number | null)[]): BenchRun {
  const use = { failed: 0, requests: 0, tokens: 0, usd: 0, seconds: 1 };
  return { arm, seed, study: `studies/${arm}-seed-${seed}`, values: bestSoFar, bestSoFar, ...use };
}

function aComparison(runs: readonly BenchRun[], changes: Partial<Comparison> = {}): Comparison {
  const arms = [...new Set(runs.map(({ arm }) => arm))];
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  return { direction: 'minimize', trials: 3, arms, seeds, reference: 'random', tieBand: 0.1, runs, ...changes };
}

test('the sign test is exact: as many wins of as many as a coin gives', () => {
  expect(signTest(5, 0)).toBeCloseTo(2 / 32);
  expect(signTest(6, 0)).toBeCloseTo(2 / 64);
  expect(signTest(7, 1)).toBeCloseTo((2 * 9) / 256);
  expect(signTest(3, 3)).toBe(1);
  expect(signTest(0, 0)).toBe(1);
});

test('wins, ties within the noise and losses are counted seed by seed, ranks share ties', () => {
  const comparison = aComparison([
    ...[aRun('gp', 1, [5, 2, 1]), aRun('random', 1, [5, 3, 2])],
    ...[aRun('gp', 2, [5, 2, 2.05]), aRun('random', 2, [5, 3, 2])],
    ...[aRun('gp', 3, [5, 4, 4]), aRun('random', 3, [5, 3, 3])],
  ]);
  const [gp, random] = compareArms(comparison);
  expect(gp).toMatchObject({
    median: 2.05,
    meanRank: (1 + 1.5 + 2) / 3,
    against: { wins: 1, ties: 1, losses: 1, pValue: 1, trialsToReach: 2, reached: 2 },
  });
  expect(gp?.against?.medianLead).toBeCloseTo(-0.05);
  expect(gp?.milestones).toEqual([
    { trials: 1, median: 5 },
    { trials: 2, median: 2 },
    { trials: 3, median: 2.05 },
  ]);
  expect(random?.against).toBeUndefined();
});

test('with a metric to be maximised more is better, and a study without a value comes last', () => {
  const runs = [
    ...[aRun('gp', 1, [0.5, 0.9]), aRun('random', 1, [0.5, 0.6])],
    ...[aRun('gp', 2, [null, null]), aRun('random', 2, [0.5, 0.6])],
  ];
  const [gp] = compareArms(aComparison(runs, { direction: 'maximize', trials: 2, tieBand: 0 }));
  expect(gp).toMatchObject({ median: null, against: { wins: 1, losses: 1 } });
  expect(gp?.against?.medianLead).toBeCloseTo(0.3);
});

function swept(seeds: number): string {
  const runs = Array.from({ length: seeds }, (_, seed) => [aRun('gp', seed, [1]), aRun('random', seed, [2])]).flat();
  const comparison = aComparison(runs, { trials: 1 });
  return benchVerdict(comparison, compareArms(comparison));
}

test('the verdict claims nothing that so few seeds cannot show', () => {
  expect(swept(5)).toMatch(
    /^Too few seeds to tell: even winning with all 5 would be chance \(p = 0\.063?\); it takes 6\. Won–tied–lost against random: gp 5–0–0\.$/,
  );
  expect(swept(6)).toMatch(/^gp is better than random on this task, beyond chance \(sign test, 5 %\)\. Won–tied–lost /);
});
