import { incumbentBefore, type Valued } from './comparable.ts';
import type { History } from './history.ts';
import { improvement, standing } from './objective.ts';
import { short } from './short-values.ts';
import { cutToLine } from './text-cuts.ts';
import type { Expectation, Trial } from './trial.ts';

/** With fewer foretold trials, each stands for itself. */
const MIN_FORETOLD = 3;
const REFUSAL_CHARACTERS = 160;

/** A finished trial with what was foretold of it. */
interface Foretold {
  readonly trial: Trial;
  readonly expects: Expectation;
  /** The incumbent when it was proposed. */
  readonly before: Valued;
}

/**
 * What foresight was worth: over all foretold trials in one sentence, then the one that was furthest off. After them why
 * proposals were refused, each violation once, the latest `limit`.
 */
export function lessonsOf(history: History, finished: readonly Trial[], limit: number): string[] {
  if (limit === 0) return [];
  const foretold = foretoldOf(history, finished);
  const { direction } = history.objective;
  const telling = foretold.length < MIN_FORETOLD ? foretold.slice(-limit) : [furthestOff(foretold)];
  return [
    ...(foretold.length < MIN_FORETOLD ? [] : [foresightOf(foretold, direction)]),
    ...telling.flatMap((each) => (each === undefined ? [] : expectationInWords(each, direction))),
    ...refusalsOf(history).slice(-limit),
  ];
}

/** Each foretold trial beside what came of it, the latest `limit`. */
export function expectationsOf(history: History, finished: readonly Trial[], limit: number): string[] {
  return foretoldOf(history, finished)
    .slice(-limit)
    .map((each) => expectationInWords(each, history.objective.direction));
}

function foretoldOf(history: History, finished: readonly Trial[]): Foretold[] {
  return finished.flatMap((trial) => {
    const { expects } = trial.proposal;
    const before = expects && incumbentBefore(history, trial);
    return expects === undefined || before === undefined ? [] : [{ trial, expects, before }];
  });
}

/** `of 6 trials expected to be better, 1 came out so; foretold values were too good in 5 of 6`. */
function foresightOf(foretold: readonly Foretold[], direction: History['objective']['direction']): string {
  const hoped = foretold.filter(({ expects }) => expects.outcome === 'better');
  const won = hoped.filter(({ trial, before }) => outcomeOf(trial, before, direction) === 'better');
  const misses = foretold.flatMap((each) => missOf(each) ?? []);
  const tooGood = foretold.filter(({ trial: { value }, expects }) => {
    return value !== undefined && expects.value !== undefined && improvement(expects.value, value, direction) > 0;
  });
  const values = misses.length === 0 ? '' : `; foretold values were too good in ${tooGood.length} of ${misses.length}`;
  return `of ${hoped.length} trials expected to be better, ${won.length} came out so${values}`;
}

/** How far the foretold value was off, as a share of the incumbent’s; undefined without both values. */
function missOf({ trial: { value }, expects, before }: Foretold): number | undefined {
  if (value === undefined || expects.value === undefined) return undefined;
  return Math.abs(value - expects.value) / (Math.abs(before.value) || 1);
}

function furthestOff(foretold: readonly Foretold[]): Foretold | undefined {
  return foretold.reduce<Foretold | undefined>((furthest, each) => {
    const isFurther = furthest === undefined || (missOf(each) ?? 0) > (missOf(furthest) ?? 0);
    return isFurther ? each : furthest;
  }, undefined);
}

/** `trial 3: expected better than trial 2 (0.0948), at 0.09; came to 0.226, worse`. */
function expectationInWords(
  { trial, expects, before }: Foretold,
  direction: History['objective']['direction'],
): string {
  const than = expects.outcome === 'similar' ? 'similar to' : `${expects.outcome} than`;
  const foretold = expects.value === undefined ? '' : `, at ${short(expects.value)}`;
  const came = trial.value === undefined ? '' : `came to ${short(trial.value)}, `;
  const end = outcomeOf(trial, before, direction) ?? trial.state;
  return `trial ${trial.number}: expected ${than} trial ${before.number} (${short(before.value)})${foretold}; ${came}${end}`;
}

function outcomeOf({ value }: Trial, before: Valued, direction: History['objective']['direction']) {
  return value === undefined ? undefined : standing(value, before.value, direction);
}

/** Slips of form, mended at once, teach nothing. */
function refusalsOf({ rejections }: History): string[] {
  const violations = rejections.flatMap((each) => each.violations);
  const ofValues = violations.filter((violation) => !/^(reasons|basedOn|expects|intent|rationale)\b/.test(violation));
  return [...new Set(ofValues)].map((violation) => `refused: ${cutToLine(violation, REFUSAL_CHARACTERS)}`);
}
