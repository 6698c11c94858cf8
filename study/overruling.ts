import type { Trial } from './trial.ts';

/** How many proposals may still differ from the optimiser’s candidates, and why no more. */
export interface OverruleAllowance {
  /** The one that is being made included; 0: it must be a candidate as it is. */
  readonly left: number;
  /** Whether a later trial of the study may still bring more. */
  readonly grows: boolean;
  /** The rule with its numbers, as a clause: `of the first 7 trials at most 30 % may differ …, and 2 do`. */
  readonly rule: string;
}

/**
 * The running share: of all trials up to the next, at most `share` (0 to 1) may adapt or overrule what the optimiser
 * offered. It is a share of what the user sees and budgets, so the default counts as a trial that does not differ: 0.3 of
 * 10 trials is 3. `before`: the trials before it, promised ones included. `budget`: how many the study may have. The log
 * alone says what differed, so a resumed study is held to the same.
 */
export function overruleAllowance(before: readonly Trial[], share: number, budget?: number): OverruleAllowance {
  const trials = before.length + 1;
  const differing = before.filter(({ proposal: { advice } }) => advice !== undefined && advice.taken !== 'adopted');
  const mostOf = (count: number) => Math.floor(share * count + 1e-9); // 0.1 × 30 is a hair below 3
  const percent = `${Number((100 * share).toPrecision(3))} %`;
  const done = differing.length === 1 ? '1 does' : `${differing.length} do`;
  return {
    left: Math.max(0, mostOf(trials) - differing.length),
    grows: share > 0 && mostOf(budget ?? Number.POSITIVE_INFINITY) > mostOf(trials),
    rule: `of the first ${trials} trials at most ${percent} may differ from the optimiser’s candidates, and ${done}`,
  };
}
