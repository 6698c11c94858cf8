interface Trial {
  readonly loss?: number;
  readonly true?: number;
  readonly failed?: string;
  readonly seconds: number;
  readonly isNew: boolean;
}

interface Study {
  readonly arm: string;
  readonly problem: string;
  readonly seed: number;
  /** Absent when the optimiser broke down. */
  readonly trials?: readonly Trial[];
}

interface Pair {
  readonly problem: string;
  readonly seed: number;
}

export class Comparison {
  constructor(options: {
    readonly studies: readonly Study[];
    readonly arms: readonly string[];
    readonly problems: readonly { readonly name: string; readonly noise: number }[];
    readonly calibration: Readonly<Record<string, { readonly best: number; readonly typical: number }>>;
    readonly trials: number;
  });
  readonly pairs: Pair[];
  lossOf(arm: string, pair: Pair, count: number): number;
  regretOf(arm: string, pair: Pair, count: number): number;
  ranksIn(pair: Pair, count: number): number[];
  meanRanks(count: number): Map<string, number>;
  meanRegret(arm: string, count: number): number;
  winsAgainst(arm: string, other: string, count: number): { studies: number; problems: number };
  changeAgainst(arm: string, other: string, count: number): { median: number; mean: number };
  rankDifferences(
    arm: string,
    count: number,
  ): { other: string; difference: number; low: number; high: number; p: number }[];
  costOf(arm: string): { failed: number; repeated: number; seconds: number };
}

export function incumbentCurve(trials: readonly Partial<Trial>[], length: number): number[];
