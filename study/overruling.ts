import type { Trial } from './trial.ts';

/** How many proposals may still differ from the optimiser’s candidates, and why no more. */
export interface OverruleAllowance {
  /** The one that is being made included; 0: it must be a candidate as it is. */
  readonly left: number;
  /** The rule with its numbers, as a clause: `of the 7 proposals up to this one at most 30 % may differ …, and 2 do`. */
  readonly rule: string;
}

/**
 * The running share: of all proposals up to trial `number`, at most `share` (0 to 1) may adapt or overrule what the
 * optimiser offered. `before`: the trials before it, promised ones included. The log alone says what differed, so a
 * resumed study is held to the same.
 */
export function overruleAllowance(before: readonly Trial[], number: number, share: number): OverruleAllowance {
  const differing = before.filter(({ proposal: { advice } }) => advice !== undefined && advice.taken !== 'adopted');
  const most = Math.floor(share * number + 1e-9); // 0.1 × 30 is a hair below 3
  const percent = `${Number((100 * share).toPrecision(3))} %`;
  const done = differing.length === 1 ? '1 does' : `${differing.length} do`;
  return {
    left: Math.max(0, most - differing.length),
    rule: `of the ${number} proposals up to this one at most ${percent} may differ from the optimiser’s candidates, and ${done}`,
  };
}
