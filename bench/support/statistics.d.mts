export function ranksOf(values: readonly number[], isTie?: (a: number, b: number) => boolean): number[];
export function mean(numbers: readonly number[]): number;
export function quantile(numbers: readonly number[], share: number): number;
export function bootstrapInterval(
  groups: readonly (readonly number[])[],
  random: () => number,
  draws?: number,
): { low: number; high: number };
export function wilcoxonSignedRank(differences: readonly number[]): number;
export function holm(pValues: readonly number[]): number[];
export function createRandom(seed: number): () => number;
