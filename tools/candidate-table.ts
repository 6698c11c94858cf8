import type { AdvisedCandidate } from '../samplers/advisor.ts';
import type { CandidateRole } from '../samplers/candidates.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { short } from '../study/short-values.ts';
import type { Prediction } from '../study/trial.ts';
import type { TrialLine } from '../study/trial-line.ts';

const ROLES: Readonly<Record<CandidateRole, string>> = {
  'most-improvement': 'expected improvement',
  'best-mean': 'best predicted',
  'most-uncertain': 'most uncertain',
  'near-incumbent': 'near the incumbent',
  'next-improvement': 'next in expected improvement',
};

/** Candidates as a table for a model: short, its values such that they can be proposed as they stand. */
export interface CandidateTable {
  readonly columns: readonly string[];
  readonly rows: readonly TrialLine[];
}

/** `low` to `high` holds about two in three outcomes; `chance`: of beating the incumbent; null: inactive. */
export function candidateTable(candidates: readonly AdvisedCandidate[], { names }: SearchSpace): CandidateTable {
  return {
    columns: ['candidate', ...names, 'predicted', 'low', 'high', 'chance', 'why'],
    rows: candidates.map(({ number, hyperparameters, predicted, chance, roles }) => {
      const { value, low, high } = shortPrediction(predicted);
      const values = names.map((name) => hyperparameters[name] ?? null);
      const why = roles.map((role) => ROLES[role]).join(', ');
      return [number, ...values, value, low, high, shortChance(chance), why];
    }),
  };
}

export function shortPrediction({ value, low, high }: Prediction): Prediction {
  return { value: short(value), low: short(low), high: short(high) };
}

/** A chance with the two digits that a reader can use. */
export function shortChance(chance: number): number {
  return Number(chance.toFixed(2));
}
