import type { Hyperparameters } from '../study/hyperparameter.ts';
import { createRandom } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { type Candidate, candidateOf, orthonormal, VarianceModel } from './explained-variance.ts';
import { centred, normalScores } from './statistics.ts';

/** A configuration that ran to its end, and its loss (lower is better). */
export interface Evaluated {
  readonly hyperparameters: Hyperparameters;
  readonly loss: number;
}

/** Fewer complete trials than this, with the parameter active, say nothing about it. */
export const FEWEST_TRIALS = 8;

/** The largest share of studies without any real effect in which some parameter would be credited nevertheless. */
export const FALSE_CLAIMS = 0.025;

export interface Importance {
  readonly name: string;
  /** Complete trials in which the parameter was active. */
  readonly trials: number;
  readonly verdict: 'matters' | 'not-shown' | 'too-few-trials' | 'never-varied';
  /** Share of the rank variance that it explains beyond the other strong parameters, in [0, 1]. */
  readonly share?: number;
  /** Probability that chance alone shows so strong an effect anywhere in the space (family-wise, by permutation). */
  readonly chance?: number;
  /** Smallest and largest `share` when any one trial is left out; for parameters that matter. */
  readonly range?: readonly [number, number];
}

export interface ImportanceResult {
  /** In the space’s order. */
  readonly parameters: readonly Importance[];
  /** Shufflings of the values behind the chances; 0 when there was nothing to test. */
  readonly permutations: number;
}

/**
 * Which hyperparameters mattered. Values are replaced by their ranks (as normal scores, so that no outlier decides);
 * each parameter explains them beyond what the other strong parameters explain. How much of that is luck is measured
 * by shuffling the values among the trials and repeating the whole procedure: a parameter matters when at most
 * {@link FALSE_CLAIMS} of the shuffled studies show *any* parameter that strong (Westfall and Young 1993, min-p).
 */
export function importanceOf(space: SearchSpace, evaluated: readonly Evaluated[]): ImportanceResult {
  const configurations = evaluated.map(({ hyperparameters }) => hyperparameters);
  const losses = evaluated.map(({ loss }) => loss);
  const candidates = space.parameters.map((parameter) => candidateOf(parameter, configurations));
  const usable = candidates.filter(isUsable);
  const rivals = [...usable, orderOf(evaluated.length)];
  if (usable.length === 0 || new Set(losses).size < 2)
    return { permutations: 0, parameters: candidates.map((candidate) => untested(candidate)) };
  const model = new VarianceModel(rivals, evaluated.length);
  const scores = normalScores(losses);
  const strongest = strongestByChance(model, scores);
  const explained = model.explain(scores);
  const parameters = candidates.map((candidate): Importance => {
    const found = explained.get(candidate.name);
    if (found === undefined) return untested(candidate);
    const chance = (1 + strongest.filter((p) => p <= found.p).length) / (1 + strongest.length);
    const { name, trials } = candidate;
    if (chance > FALSE_CLAIMS) return { name, trials, verdict: 'not-shown', share: found.share, chance };
    const range = rangeWithoutOne(space, evaluated, name);
    return { name, trials, verdict: 'matters', share: found.share, chance, range };
  });
  return { permutations: strongest.length, parameters };
}

function isUsable({ trials, columns }: Candidate): boolean {
  return trials >= FEWEST_TRIALS && columns.length > 0;
}

function untested(candidate: Candidate): Importance {
  const { name, trials } = candidate;
  if (trials > 0 && candidate.columns.length === 0) return { name, trials, verdict: 'never-varied' };
  return { name, trials, verdict: trials < FEWEST_TRIALS ? 'too-few-trials' : 'not-shown' };
}

/**
 * A proposer that learns moves everything at once: late trials are better and late trials look alike. The place in
 * the order therefore competes as one more explanation, so that what merely moved along is not credited.
 */
function orderOf(trials: number): Candidate {
  return {
    name: 'order of trials',
    trials,
    columns: orthonormal([centred(Array.from({ length: trials }, (_, index) => index))]),
  };
}

/** Shuffled studies that are enough, and how many of them beating the strongest parameter settle that none matters. */
const PERMUTATIONS = 1000;
const SETTLED = 50;

/**
 * The smallest p of any parameter, in each of many studies whose values were dealt out anew. Ends early when luck has
 * done as well as the strongest parameter too often for any verdict but “not shown” (Besag and Clifford 1991).
 */
function strongestByChance(model: VarianceModel, scores: readonly number[]): number[] {
  const random = createRandom(0, 'importance'); // fixed: the same log gives the same report
  const found = smallest(model, scores);
  const byChance: number[] = [];
  for (let asGood = 0; byChance.length < PERMUTATIONS && asGood < SETTLED; ) {
    const p = smallest(model, random.shuffle(scores));
    if (p <= found) asGood++;
    byChance.push(p);
  }
  return byChance;
}

function smallest(model: VarianceModel, scores: readonly number[]): number {
  return Math.min(...Array.from(model.explain(scores).values(), ({ p }) => p));
}

/** At most this many trials are left out in turn, evenly spread: enough to see whether one of them carries the claim. */
const LEFT_OUT = 60;

function rangeWithoutOne(space: SearchSpace, evaluated: readonly Evaluated[], name: string): readonly [number, number] {
  const every = Math.ceil(evaluated.length / LEFT_OUT);
  const shares = evaluated.flatMap((_, left) => {
    if (left % every !== 0) return [];
    const rest = evaluated.filter((__, index) => index !== left);
    const configurations = rest.map(({ hyperparameters }) => hyperparameters);
    const usable = space.parameters
      .map((parameter) => candidateOf(parameter, configurations))
      .filter(({ columns, trials }) => columns.length > 0 && trials >= FEWEST_TRIALS - 1);
    const scores = normalScores(rest.map(({ loss }) => loss));
    return [new VarianceModel([...usable, orderOf(rest.length)], rest.length).explain(scores).get(name)?.share ?? 0];
  });
  return [Math.min(...shares), Math.max(...shares)];
}
