import { incumbentBefore, type Valued } from './comparable.ts';
import type { History } from './history.ts';
import { improvement, standing } from './objective.ts';
import { short } from './short-values.ts';
import { cutToLine } from './text-cuts.ts';
import type { Expectation, Trial } from './trial.ts';
import { similarWithin, type Variation, variationOf } from './variation.ts';

/** With fewer foretold trials, each stands for itself. */
const FEWEST_FORETOLD = 3;
const REFUSAL_CHARACTERS = 160;

/** A finished trial with what was foretold of it. */
interface Foretold {
  readonly trial: Trial;
  readonly expects: Expectation;
  /** The incumbent when it was proposed. */
  readonly before: Valued;
  readonly came: string;
}

/**
 * What foresight was worth: over all foretold trials in one sentence, then the latest of them. After them why proposals
 * were refused, each violation once, the latest `limit`.
 */
export function lessonsOf(
  history: History,
  finished: readonly Trial[],
  limit: number,
  variation: Variation | undefined,
): string[] {
  if (limit === 0) return [];
  const foretold = foretoldOf(history, finished, variation);
  return [
    ...foresightOf(foretold, history.objective.direction),
    ...foretold.slice(-1).map((each) => expectationInWords(each)),
    ...refusalsOf(history).slice(-limit),
  ];
}

/** Each foretold trial beside what came of it, the latest `limit`. */
export function expectationsOf(history: History, finished: readonly Trial[], limit: number): string[] {
  return foretoldOf(history, finished, variationOf(history, finished)).slice(-limit).map(expectationInWords);
}

function foretoldOf(history: History, finished: readonly Trial[], variation: Variation | undefined): Foretold[] {
  return finished.flatMap((trial) => {
    const { expects } = trial.proposal;
    const before = expects && incumbentBefore(history, trial);
    if (expects === undefined || before === undefined) return [];
    return [{ trial, expects, before, came: outcomeOf(trial, before, history, variation) }];
  });
}

/** `of 8 forecasts 5 said better, and 1 was; the foretold value was too good in 7 of 8`. */
function foresightOf(foretold: readonly Foretold[], direction: History['objective']['direction']): string[] {
  if (foretold.length < FEWEST_FORETOLD) return [];
  const hoped = foretold.filter(({ expects }) => expects.outcome === 'better');
  const won = hoped.filter(({ came }) => came === 'better');
  const values = foretold.flatMap(({ trial: { value }, expects }) =>
    value === undefined || expects.value === undefined ? [] : [improvement(expects.value, value, direction)],
  );
  const tooGood = values.filter((excess) => excess > 0).length;
  const clauses = [
    ...(hoped.length === 0 ? [] : [`${hoped.length} said better, and ${won.length} came so`]),
    ...(values.length === 0 ? [] : [`the foretold value was too good in ${tooGood} of ${values.length}`]),
  ];
  return clauses.length === 0 ? [] : [`of ${foretold.length} forecasts ${clauses.join('; ')}`];
}

/** `trial 3: expected better than trial 2 (0.0948), at 0.09; came to 0.226, worse`. */
function expectationInWords({ trial, expects, before, came }: Foretold): string {
  const than = expects.outcome === 'similar' ? 'similar to' : `${expects.outcome} than`;
  const foretold = expects.value === undefined ? '' : `, at ${short(expects.value)}`;
  const value = trial.value === undefined ? '' : `came to ${short(trial.value)}, `;
  return `trial ${trial.number}: expected ${than} trial ${before.number} (${short(before.value)})${foretold}; ${value}${came}`;
}

/** How a trial stands to the incumbent before it, or the state it ended in without a value. */
function outcomeOf(
  { value, state }: Trial,
  before: Valued,
  { objective: { direction } }: History,
  variation: Variation | undefined,
): string {
  return value === undefined ? state : standing(value, before.value, direction, similarWithin(variation, before.value));
}

/** Slips of form, mended at once, teach nothing. */
function refusalsOf({ rejections }: History): string[] {
  const violations = rejections.flatMap((each) => each.violations);
  const ofValues = violations.filter((violation) => !/^(reasons|basedOn|expects|intent|rationale)\b/.test(violation));
  return [...new Set(ofValues)].map((violation) => `refused: ${cutToLine(violation, REFUSAL_CHARACTERS)}`);
}
