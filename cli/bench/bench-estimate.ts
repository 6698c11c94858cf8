import { countOf } from '../../report/numbers.ts';
import { formatEstimate } from '../durations.ts';
import { formatCount, formatDollars } from '../numbers.ts';
import { type BenchCell, isDone } from './bench-cells.ts';
import type { BenchPlan } from './bench-plan.ts';

/** What is still to be done, and what that takes. */
export interface BenchEstimate {
  readonly studies: number;
  readonly studiesDone: number;
  readonly trainings: number;
  /** From the trainings so far; null before the first. */
  readonly seconds: number | null;
  readonly requests: { readonly low: number; readonly high: number };
  readonly tokens: { readonly low: number; readonly high: number };
  /** US dollars; null where a price is unknown. */
  readonly usd: { readonly low: number; readonly high: number } | null;
}

/** An estimate of what a benchmark has left to do, from its studies so far and from the prompts of those to come. */
export async function estimateBench({ trials }: BenchPlan, cells: readonly BenchCell[]): Promise<BenchEstimate> {
  const left = cells.filter((cell) => !isDone(cell, trials));
  // A study that was begun is counted whole: what its prompts have left to say depends on its log.
  const totals = await Promise.all(left.map(async ({ planned }) => (await planned.models.estimate()).at(-1)));
  const ends = (pick: (total: NonNullable<(typeof totals)[number]>) => { low: number; high: number }) => ({
    low: sum(totals.map((total) => (total === undefined ? 0 : pick(total).low))),
    high: sum(totals.map((total) => (total === undefined ? 0 : pick(total).high))),
  });
  return {
    studies: cells.length,
    studiesDone: cells.length - left.length,
    trainings: trainingsLeft(left, trials),
    seconds: secondsLeft(cells, trials),
    requests: ends(({ requests }) => requests),
    tokens: ends(({ tokens }) => tokens),
    usd: totals.some((total) => total?.usd === null) ? null : ends(({ usd }) => usd ?? { low: 0, high: 0 }),
  };
}

/** How long the trainings that are left will take, as those so far did; null before the first. */
export function secondsLeft(cells: readonly BenchCell[], trials: number): number | null {
  const done = sum(cells.map(finishedIn));
  const spent = sum(cells.map(({ study }) => study?.history.activeSeconds ?? 0));
  const left = cells.filter((cell) => !isDone(cell, trials));
  return done === 0 ? null : (spent / done) * trainingsLeft(left, trials);
}

function trainingsLeft(left: readonly BenchCell[], trials: number): number {
  return sum(left.map((cell) => Math.max(0, trials - finishedIn(cell))));
}

/** The estimate as lines; money only where there is a price to pay. */
export function describeBenchEstimate(plan: BenchPlan, estimate: BenchEstimate): string[] {
  const { arms, seeds, trials } = plan;
  const { studies, studiesDone, trainings, seconds, requests, tokens, usd } = estimate;
  const whole = `${countOf(arms.length, 'arm')} × ${countOf(seeds.length, 'seed')} × ${countOf(trials, 'trial')}`;
  const left = studiesDone === 0 ? '' : `; ${studiesDone} of ${countOf(studies, 'study', 'studies')} are done`;
  const time = seconds === null ? 'how long is said after the first study' : formatEstimate(seconds);
  const isFree = usd !== null && usd.high === 0;
  return [
    `${whole}${left}: ${countOf(trainings, 'training')} ${studiesDone === 0 ? 'to run' : 'left'}, one after another; ${time}.`,
    ...(isFree
      ? []
      : [
          `Models: ${rangeOf(tokens, formatCount)} tokens in ${rangeOf(requests, formatCount)} requests, ${usd === null ? 'cost unknown' : rangeOf(usd, formatDollars)}.`,
        ]),
  ];
}

function finishedIn({ study }: BenchCell): number {
  return study?.history.finished.length ?? 0;
}

function rangeOf({ low, high }: { low: number; high: number }, format: (value: number) => string): string {
  return format(low) === format(high) ? format(low) : `${format(low)} to ${format(high)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
