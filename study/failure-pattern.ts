import { type Hyperparameter, type HyperparameterValue, isNumeric, toUnit } from './hyperparameter.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

/** Something that every trial of a failure’s group has and no complete trial has. An observation, not a cause. */
export interface FailurePattern {
  readonly name: string;
  readonly relation: 'at-least' | 'at-most' | 'is';
  readonly value: HyperparameterValue;
  /** Complete trials it was compared with. */
  readonly complete: number;
  /** The share of studies, at most, in which some hyperparameter would separate the two groups by luck alone. */
  readonly chance: number;
}

/** What luck shows more often than this is not worth a sentence. */
const MOST_CHANCE = 0.1;

/**
 * The hyperparameters that separate the failed trials from the complete ones exactly, without one exception. With `k` failed
 * and `n` complete trials, one fixed side of one hyperparameter does so by luck once in (n + k choose k) orders, which is
 * summed over all that could have been found (Bonferroni).
 */
export function patternsOf(space: SearchSpace, failed: readonly Trial[], complete: readonly Trial[]): FailurePattern[] {
  if (failed.length < 2 || complete.length < 2) return [];
  const questions = space.parameters.reduce((sum, parameter) => sum + questionsOf(parameter, failed), 0);
  const chance = Math.min(1, questions / choose(failed.length + complete.length, failed.length));
  if (chance > MOST_CHANCE) return [];
  return space.parameters.flatMap((parameter) => {
    const found = hasOrder(parameter) ? side(parameter, failed, complete) : shared(parameter, failed, complete);
    return found === undefined ? [] : [{ name: parameter.name, ...found, complete: complete.length, chance }];
  });
}

type Separation = Pick<FailurePattern, 'relation' | 'value'>;

/** All failed trials beyond every complete one; a complete trial in which the parameter was not active contradicts nothing. */
function side(parameter: Hyperparameter, failed: readonly Trial[], complete: readonly Trial[]): Separation | undefined {
  const bad = placesOf(parameter, failed);
  const good = placesOf(parameter, complete);
  const [lowest, highest] = [bad[0], bad.at(-1)];
  const [floor, ceiling] = [good[0], good.at(-1)];
  if (bad.length < failed.length || !lowest || !highest || !floor || !ceiling) return undefined;
  if (lowest.place > ceiling.place) return { relation: 'at-least', value: lowest.value };
  return highest.place < floor.place ? { relation: 'at-most', value: highest.value } : undefined;
}

function shared(
  { name }: Hyperparameter,
  failed: readonly Trial[],
  complete: readonly Trial[],
): Separation | undefined {
  const value = failed[0]?.proposal.hyperparameters[name];
  const has = ({ proposal }: Trial) => proposal.hyperparameters[name] === value;
  if (value === undefined || !failed.every(has) || complete.some(has)) return undefined;
  return { relation: 'is', value };
}

function placesOf(parameter: Hyperparameter, trials: readonly Trial[]) {
  return trials
    .map(({ proposal }) => proposal.hyperparameters[parameter.name])
    .filter((value) => value !== undefined)
    .map((value) => ({ value, place: toUnit(parameter, value) }))
    .toSorted((a, b) => a.place - b.place);
}

function hasOrder(parameter: Hyperparameter): boolean {
  return isNumeric(parameter) || parameter.type === 'ordinal';
}

/** Two sides of an order; of a choice, the one value that the first failed trial has. */
function questionsOf(parameter: Hyperparameter, failed: readonly Trial[]): number {
  if (failed.some(({ proposal }) => !(parameter.name in proposal.hyperparameters))) return 0;
  return hasOrder(parameter) ? 2 : 1;
}

function choose(n: number, k: number): number {
  return Array.from({ length: k }, (_, index) => (n - index) / (index + 1)).reduce((a, b) => a * b, 1);
}
