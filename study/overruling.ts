import type { Trial } from './trial.ts';

/** How many proposals may still differ from the optimiser’s candidates, and why no more. */
export interface OverruleAllowance {
  /** The one that is being made included; 0: it must be a candidate as it is. */
  readonly left: number;
  /** Whether a later proposal of the study may still bring more. */
  readonly grows: boolean;
  /** The rule with its numbers, as a clause: `of the 7 proposals up to this one at most 30 % may differ …, and 2 do`. */
  readonly rule: string;
}

/**
 * The running share: of all proposals up to the next, at most `share` (0 to 1) may adapt or overrule what the optimiser
 * offered; the default, which nobody proposes, is none. `before`: the trials before it, promised ones included. `trials`:
 * how many the study may have. The log alone says what differed, so a resumed study is held to the same.
 */
export function overruleAllowance(before: readonly Trial[], share: number, trials?: number): OverruleAllowance {
  const proposals = 1 + before.filter(({ proposal: { origin } }) => origin !== 'default').length;
  const inTheEnd = trials === undefined ? Number.POSITIVE_INFINITY : proposals + trials - before.length - 1;
  const differing = before.filter(({ proposal: { advice } }) => advice !== undefined && advice.taken !== 'adopted');
  const mostOf = (count: number) => Math.floor(share * count + 1e-9); // 0.1 × 30 is a hair below 3
  const percent = `${Number((100 * share).toPrecision(3))} %`;
  const done = differing.length === 1 ? '1 does' : `${differing.length} do`;
  return {
    left: Math.max(0, mostOf(proposals) - differing.length),
    grows: share > 0 && mostOf(inTheEnd) > mostOf(proposals),
    rule: `of the ${proposals} proposals up to this one at most ${percent} may differ from the optimiser’s candidates, and ${done}`,
  };
}
