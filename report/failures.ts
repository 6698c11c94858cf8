import { type FailurePattern, patternsOf } from '../study/failure-pattern.ts';
import type { Rejection } from '../study/history.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { FailureCause, Trial } from '../study/trial.ts';

/** Trials that ended without a value for the same reason. */
export interface FailureGroup {
  readonly cause: FailureCause;
  readonly trials: readonly number[];
  /** Of the latest of them: what happened in one line, and the end of its output (untrusted). */
  readonly message: string;
  readonly tail: string;
  /** Environment variables that were set but not passed on, over the group. */
  readonly withheld: readonly string[];
  /** What separates them from the complete trials. */
  readonly patterns: readonly FailurePattern[];
}

/** By cause, the most frequent first. */
export function failuresByCause(space: SearchSpace, trials: readonly Trial[]): FailureGroup[] {
  const complete = trials.filter(({ state }) => state === 'complete');
  const causes = new Map<FailureCause, Trial[]>();
  for (const trial of trials)
    if (trial.failure !== undefined)
      causes.set(trial.failure.cause, [...(causes.get(trial.failure.cause) ?? []), trial]);
  return [...causes]
    .map(([cause, group]) => ({
      cause,
      trials: group.map(({ number }) => number),
      message: group.at(-1)?.failure?.message ?? '',
      tail: group.at(-1)?.failure?.tail ?? '',
      withheld: [...new Set(group.flatMap(({ withheld }) => withheld ?? []))],
      patterns: patternsOf(space, group, complete),
    }))
    .sort((a, b) => b.trials.length - a.trials.length);
}

/** What kept proposals from becoming trials, counted; a proposal with two faults counts in both. */
export interface RejectionGroup {
  readonly why: string;
  readonly count: number;
  /** One violation word for word; it quotes what a model wrote. */
  readonly example: string;
}

/** From the wording of study/search-space.ts and the tools; what matches nothing stays under “other”. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/already (been )?tried|same as trial|repeats trial|is trial \d|pending/i, 'already tried'],
  [/is outside \[/, 'outside its range'],
  [/is not one of/, 'not one of the choices'],
  [/is not a number|whole number|plus a multiple/, 'not a number of its grid'],
  [/is not a hyperparameter/, 'not a hyperparameter'],
  [/has no effect unless/, 'an inactive hyperparameter given'],
  [/constraint "/, 'against a constraint'],
  [/is missing/, 'a hyperparameter missing'],
  [/reason/i, 'reasons missing or superfluous'],
];

export function rejectionsByKind(rejections: readonly Rejection[]): RejectionGroup[] {
  const groups = new Map<string, RejectionGroup>();
  for (const violation of rejections.flatMap(({ violations }) => violations)) {
    const why = KINDS.find(([pattern]) => pattern.test(violation))?.[1] ?? 'other';
    const known = groups.get(why);
    groups.set(why, { why, count: (known?.count ?? 0) + 1, example: known?.example ?? violation });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
