import { type Direction, improvement, toLoss } from '../../study/objective.ts';
import { mean, median, quantile } from '../statistics.ts';
import { type BenchRun, bestAfter } from './bench-run.ts';
import { signTest } from './sign-test.ts';

/** What a comparison is made of: every arm ran once with every seed. */
export interface Comparison {
  readonly direction: Direction;
  /** Trials of each study. */
  readonly trials: number;
  /** In the order of the tables. */
  readonly arms: readonly string[];
  readonly seeds: readonly number[];
  /** The arm that the others are held against. */
  readonly reference: string;
  /** Two values that differ by no more are a tie, in the metric’s unit; 0: only equal ones are. */
  readonly tieBand: number;
  readonly runs: readonly BenchRun[];
}

/** An arm against the reference, seed by seed. */
export interface Against {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Median of the leads over the seeds in which both have a value; positive: the arm is better. null without any. */
  readonly medianLead: number | null;
  /** Of the sign test over wins and losses, two-sided. */
  readonly pValue: number;
  /** Median of the first trial that was as good as the reference’s best; null where fewer than half of the seeds got there. */
  readonly trialsToReach: number | null;
  readonly reached: number;
}

export interface ArmResult {
  readonly arm: string;
  /** Over the seeds; null where half of the studies or more have no value. */
  readonly median: number | null;
  readonly quartiles: readonly [number | null, number | null];
  /** 1 is the best; ties share the mean of their ranks. */
  readonly meanRank: number;
  /** undefined for the reference itself. */
  readonly against?: Against;
  readonly trials: number;
  readonly failed: number;
  readonly requests: number;
  readonly tokens: number;
  /** US dollars; null when a price is unknown. */
  readonly usd: number | null;
  readonly milestones: readonly { readonly trials: number; readonly median: number | null }[];
}

const MILESTONES = [1, 2, 3, 5, 10, 30, 60, 100];

/** Every arm’s results, in the order of `arms`. */
export function compareArms(comparison: Comparison): ArmResult[] {
  const { arms, trials, reference } = comparison;
  const steps = [...MILESTONES.filter((each) => each < trials), trials];
  return arms.map((arm) => {
    const runs = runsOf(comparison, arm);
    const spread = (after: number, share: number) => quantileAfter(comparison, runs, after, share);
    return {
      arm,
      median: spread(trials, 0.5),
      quartiles: [spread(trials, 0.25), spread(trials, 0.75)],
      meanRank: mean(comparison.seeds.map((seed) => rankOf(comparison, arm, seed))),
      ...(arm !== reference && { against: againstReference(comparison, runs) }),
      trials: sum(runs.map(({ values }) => values.length)),
      failed: sum(runs.map(({ failed }) => failed)),
      requests: sum(runs.map(({ requests }) => requests)),
      tokens: sum(runs.map(({ tokens }) => tokens)),
      usd: runs.some(({ usd }) => usd === null) ? null : sum(runs.map(({ usd }) => usd ?? 0)),
      milestones: steps.map((after) => ({ trials: after, median: spread(after, 0.5) })),
    };
  });
}

/** The quantile over the seeds of an arm’s best values after so many trials, the better ones first; null where it falls on studies without a value. */
export function quantileAfter(
  { direction }: Pick<Comparison, 'direction'>,
  runs: readonly BenchRun[],
  trials: number,
  share: number,
): number | null {
  const loss = quantile(
    runs.map((run) => lossAfter(run, trials, direction)),
    share,
  );
  return Number.isFinite(loss) ? toLoss(loss, direction) : null;
}

export function runsOf({ runs }: Pick<Comparison, 'runs'>, arm: string): BenchRun[] {
  return runs.filter((run) => run.arm === arm);
}

/** No value is worse than any. */
function lossAfter(run: BenchRun, trials: number, direction: Direction): number {
  const value = bestAfter(run, trials);
  return value === null ? Number.POSITIVE_INFINITY : toLoss(value, direction);
}

/** Who is better by more than the tie band comes before, who is not apart counts half. */
function rankOf(comparison: Comparison, arm: string, seed: number): number {
  const own = comparison.runs.find((run) => run.arm === arm && run.seed === seed);
  if (own === undefined) throw new Error(`${arm} has no study with seed ${seed}`);
  const others = comparison.runs.filter((run) => run.seed === seed && run.arm !== arm);
  const outcomes = others.map((other) => outcomeOf(comparison, other, own));
  return 1 + outcomes.filter((each) => each === 'win').length + outcomes.filter((each) => each === 'tie').length / 2;
}

function outcomeOf({ direction, trials, tieBand }: Comparison, run: BenchRun, other: BenchRun) {
  const [own, theirs] = [lossAfter(run, trials, direction), lossAfter(other, trials, direction)];
  if (own === theirs || Math.abs(own - theirs) <= tieBand) return 'tie';
  return own < theirs ? 'win' : 'loss';
}

function againstReference(comparison: Comparison, runs: readonly BenchRun[]): Against {
  const { direction, trials, reference } = comparison;
  const pairs = runs.map((run) => {
    const other = comparison.runs.find((each) => each.arm === reference && each.seed === run.seed);
    if (other === undefined) throw new Error(`${reference} has no study with seed ${run.seed}`);
    return { run, other };
  });
  const outcomes = pairs.map(({ run, other }) => outcomeOf(comparison, run, other));
  const count = (outcome: 'win' | 'tie' | 'loss') => outcomes.filter((each) => each === outcome).length;
  const leads = pairs.flatMap(({ run, other }) => {
    const [own, theirs] = [bestAfter(run, trials), bestAfter(other, trials)];
    return own === null || theirs === null ? [] : [improvement(own, theirs, direction)];
  });
  const reaching = pairs.map(({ run, other }) => firstReaching(run, lossAfter(other, trials, direction), direction));
  const middle = median(reaching);
  return {
    wins: count('win'),
    ties: count('tie'),
    losses: count('loss'),
    medianLead: leads.length === 0 ? null : median(leads),
    pValue: signTest(count('win'), count('loss')),
    trialsToReach: Number.isFinite(middle) ? middle : null,
    reached: reaching.filter(Number.isFinite).length,
  };
}

/** The first trial whose best so far is no worse than that loss; infinity when none is. */
function firstReaching({ bestSoFar }: BenchRun, loss: number, direction: Direction): number {
  const index = bestSoFar.findIndex((value) => value !== null && toLoss(value, direction) <= loss);
  return index === -1 ? Number.POSITIVE_INFINITY : index + 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
