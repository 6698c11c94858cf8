import { isValued } from './comparable.ts';
import { type FailurePattern, patternsOf } from './failure-pattern.ts';
import type { SearchSpace } from './search-space.ts';
import { shortHyperparameter } from './short-values.ts';
import { cutToLine } from './text-cuts.ts';
import type { FailureCause, Trial } from './trial.ts';

/** Numbers of trials that are listed; of more, how many there are. */
const MAX_NUMBERS = 6;
const MAX_PATTERNS = 3;
const MESSAGE_CHARACTERS = 100;

/**
 * Why trials ended without a value, cause by cause: what separates them from the complete ones, else, where the lines no
 * longer show the latest of them, what it said. There are as many causes as there are, so that this is bounded.
 */
export function failureLessons(space: SearchSpace, finished: readonly Trial[], leftOut: number): string[] {
  const complete = finished.filter(isValued);
  const failed = finished.filter(({ failure }) => failure !== undefined);
  const causes = [...new Set(failed.flatMap(({ failure }) => failure?.cause ?? []))];
  return causes.flatMap((cause) => {
    const group = failed.filter(({ failure }) => failure?.cause === cause);
    const patterns = patternsOf(space, group, complete).slice(0, MAX_PATTERNS).map(patternInWords);
    if (patterns.length > 0) return `${subject(cause, group)}: all have ${patterns.join('; ')}`;
    const latest = group.at(-1);
    const isShown = latest !== undefined && finished.indexOf(latest) >= leftOut;
    const message = cutToLine(latest?.failure?.message ?? '', MESSAGE_CHARACTERS);
    return isShown ? [] : `${subject(cause, group)}: ${message}`;
  });
}

function subject(cause: FailureCause, group: readonly Trial[]): string {
  const numbers = group.map(({ number }) => number);
  return numbers.length > MAX_NUMBERS
    ? `${cause} (${numbers.length} trials, the last ${numbers.at(-1)})`
    : `${cause} (trial${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')})`;
}

const RELATIONS = { 'at-least': '≥', 'at-most': '≤', is: '=' } as const;

function patternInWords({ name, relation, value, complete }: FailurePattern): string {
  const shown = typeof value === 'number' ? shortHyperparameter(value) : JSON.stringify(value);
  return `${name} ${RELATIONS[relation]} ${shown}, as none of the ${complete} complete ones`;
}
